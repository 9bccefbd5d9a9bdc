/**
 * Header values with parameters (`type; a=b; c*=UTF-8''d`), as Content-Type and Content-Disposition have them, in all
 * the spellings that clients and servers use. What the parameters mean is the caller's business.
 */

/** One parameter of a header: name, `*` of the extended form (RFC 5987), and a quoted or bare value. */
const PARAMETER = /;\s*([^\s=;*]+)(\*?)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;]*))/gsu;

/** `type; a=b; c*=UTF-8''d` → its type and its parameters, names in lower case; the extended form wins. */
export function readHeader(value: string): [type: string, parameters: Map<string, string>] {
  const semicolon = value.indexOf(";");
  const plain = new Map<string, string>();
  const extended = new Map<string, string>();
  if (semicolon >= 0) {
    for (const [, key = "", star, quoted, bare = ""] of value.slice(semicolon).matchAll(PARAMETER)) {
      const name = key.toLowerCase();
      if (star === "") plain.set(name, quoted === undefined ? bare.trim() : unquote(quoted));
      else {
        const text = decodeExtended(quoted ?? bare.trim());
        if (text !== null) extended.set(name, text);
      }
    }
  }
  return [(semicolon < 0 ? value : value.slice(0, semicolon)).trim(), new Map([...plain, ...extended])];
}

/** Browsers write a quote, CR and LF as %22, %0D and %0A, others with a backslash; old ones leave `C:\dir` alone. */
function unquote(text: string): string {
  return text.replace(/\\(["\\])/g, "$1").replace(/%(22|0D|0A)/gi, (sequence) => decodeURIComponent(sequence));
}

/** RFC 5987: charset'language'percent-encoded; null when it is not, and the plain form then holds. */
function decodeExtended(text: string): string | null {
  const match = /^([\w-]+)'[^']*'(.*)$/s.exec(text);
  if (match === null) return null;
  const [, charset = "", encoded = ""] = match;
  if (/%(?![0-9a-f]{2})/i.test(encoded)) return null;
  const bytes = encoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (/^iso-8859-1$/i.test(charset)) return bytes;
  try {
    return /^utf-8$/i.test(charset)
      ? new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(Buffer.from(bytes, "latin1"))
      : null;
  } catch {
    return null;
  }
}

/** A file name without folders and control characters, whichever system wrote it. */
export function baseName(path: string): string {
  const last = path.toWellFormed().split(/[/\\]/).at(-1) ?? "";
  const name = last.replace(UNPRINTABLE, "").trim();
  // ".pdf" is an ending without a name.
  return /^\.[^.]*$|^\.\.$/.test(name) ? "" : name;
}

/** Control characters of both sets, and marks that turn the direction of what follows: a name is shown on terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Raw UTF-8 as browsers send it; bytes that aren't are read as ISO 8859-1, which loses nothing. */
export function decodeHeader(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString("latin1");
  }
}
