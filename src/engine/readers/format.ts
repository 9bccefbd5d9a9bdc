/** The first bytes of a source → what it is, in words for its sender. */

/** PDF readers look for the header in the first 1,024 bytes (ISO 32000-1 annex H, note 13). */
export const HEAD_BYTES = 1_024;

const SIGNATURES: readonly [bytes: string, what: string][] = [
  ["PK\x03\x04", "a zip archive, perhaps a Word, PowerPoint, Excel or EPUB file"],
  ["\x89PNG", "a PNG image"],
  ["\xff\xd8\xff", "a JPEG image"],
  ["GIF8", "a GIF image"],
  ["II*\0", "a TIFF image"],
  ["MM\0*", "a TIFF image"],
  ["BM", "a bitmap image"],
  ["\xd0\xcf\x11\xe0", "an old Word, Excel or PowerPoint file"],
  ["{\\rtf", "an RTF file"],
  ["%!PS", "a PostScript file"],
  ["AT&TFORM", "a DjVu file"],
  ["\x1f\x8b", "a gzip archive"],
  ["7z\xbc\xaf", "a 7z archive"],
  ["Rar!", "a RAR archive"],
];

export function isPdf(head: Uint8Array): boolean {
  return latin1(head.subarray(0, HEAD_BYTES)).includes("%PDF-");
}

/** @returns what a source that is no PDF seems to be, to go after "this is" */
export function nameFormat(head: Uint8Array): string {
  if (head.length === 0) return "an empty file";
  const text = latin1(head);
  const known = SIGNATURES.find(([bytes]) => text.startsWith(bytes));
  if (known) return known[1];
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "a WebP image";
  if (/^ftyp(heic|heix|mif1|avif)/.test(text.slice(4, 12))) return "a HEIC or AVIF image";
  const start = text
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart()
    .toLowerCase();
  if (start === "") return "a file of nothing but white space";
  if (start.startsWith("<!doctype html") || /<html[\s>]/.test(start))
    return "an HTML page, perhaps an error or a login page";
  if (start.startsWith("<?xml") || start.startsWith("<")) return "an XML file";
  if (/^[{[]/.test(start)) return "a JSON document";
  return head.some(isControl) ? "a binary file of an unknown kind" : "plain text";
}

/** Text has no control bytes but white space, escape and end of file. */
function isControl(byte: number): boolean {
  return byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1a && byte !== 0x1b;
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes.subarray(0, HEAD_BYTES)) text += String.fromCharCode(byte);
  return text;
}
