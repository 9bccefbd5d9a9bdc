/**
 * multipart/form-data (RFC 7578, 2046) as a stream. In: a request's body and its boundary. Out: its parts in the order
 * sent, each with a body that is read as it arrives; nothing holds a file. What the names mean is the caller's
 * business. Ready-made parsers hold a whole part in memory, `request.formData()` too.
 */
import { Failure } from "./failure.ts";
import { baseName, decodeHeader, readHeader } from "./header-parameters.ts";
import type { ByteChunks } from "./streams.ts";

/** Headers of one part; browsers send some hundred bytes, a file name may take 1,024. */
const HEADER_BYTES_MAX = 16 * 1024;
/** Text before the first and after the last part means nothing; more than this is not a form. */
const PREAMBLE_BYTES_MAX = 64 * 1024;
/** A form of ours has six fields. */
const PARTS_MAX = 100;
/** RFC 2046 section 5.1.1. */
const BOUNDARY_LENGTH_MAX = 70;
/** Blanks that may follow a boundary on its line (RFC 2046: transport padding). */
const PADDING_MAX = 256;

const CRLF = Buffer.from("\r\n");
const END_OF_HEADERS = Buffer.from("\r\n\r\n");

export interface FormPart {
  name: string;
  /** The file's name without any path; null for a plain field. */
  filename: string | null;
  contentType: string | null;
  /** To be read before the next part is asked for; what is left unread is skipped then. */
  body: AsyncIterable<Uint8Array>;
}

/** @throws Failure bad_request when the Content-Type is not multipart/form-data with a usable boundary */
export function readBoundary(contentType: string | null): string {
  const [type = "", parameters] = readHeader(contentType ?? "");
  if (type.toLowerCase() !== "multipart/form-data") throw malformed("the Content-Type must be multipart/form-data");
  const boundary = parameters.get("boundary") ?? "";
  if (boundary === "") throw malformed("the Content-Type names no boundary");
  if (boundary.length > BOUNDARY_LENGTH_MAX || !/^[\x20-\x7e]*[\x21-\x7e]$/.test(boundary)) {
    throw malformed(`the boundary must have 1 to ${BOUNDARY_LENGTH_MAX} printable ASCII characters`);
  }
  return boundary;
}

/** @throws Failure bad_request, from the generator or from a part's body, when the form is malformed or cut off */
export async function* readParts(source: ByteChunks, boundary: string): AsyncGenerator<FormPart, void, undefined> {
  const form = new FormBytes(source, boundary);
  try {
    await form.skipPreamble();
    for (let count = 0; !form.ended; count++) {
      if (count === PARTS_MAX) throw malformed(`it has more than ${PARTS_MAX} parts`);
      const head = readPartHead(await form.readHeaders());
      yield { ...head, body: form.readBody() };
      await form.skipBody();
    }
    await form.skipEpilogue();
  } finally {
    await form.close();
  }
}

/** A plain field's text. @throws Failure bad_request when it is longer than `limit` bytes or not UTF-8 */
export async function readText(part: FormPart, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of part.body) {
    bytes += chunk.byteLength;
    if (bytes > limit) throw malformed(`the field ${part.name} is longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(Buffer.concat(chunks));
  } catch {
    throw malformed(`the field ${part.name} is not UTF-8 text`);
  }
}

/** The bytes of a form, cut at its delimiters. */
class FormBytes {
  /** After the closing delimiter. */
  ended = false;
  private inBody = false;
  private readonly chunks: AsyncIterator<Uint8Array>;
  private readonly delimiter: Buffer;
  /** Starts as a line end, so that a delimiter at the very beginning looks like every other. */
  private buffer: Buffer = CRLF;

  constructor(source: ByteChunks, boundary: string) {
    this.chunks = source[Symbol.asyncIterator]();
    this.delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  }

  async skipPreamble(): Promise<void> {
    let skipped = 0;
    for await (const bytes of this.untilDelimiter("the boundary of the Content-Type does not occur in the body")) {
      skipped += bytes.byteLength;
      if (skipped > PREAMBLE_BYTES_MAX) throw malformed("the boundary of the Content-Type does not occur in the body");
    }
  }

  readBody(): AsyncIterable<Uint8Array> {
    return this.untilDelimiter("it ends in the middle of a part; send it again");
  }

  /** Whatever the caller left of the part's body: it may have read none of it, or stopped half way. */
  async skipBody(): Promise<void> {
    if (!this.inBody) return;
    for await (const _ of this.readBody());
  }

  /** The buffer starts with the line end of the delimiter's own line: a part without headers is CRLF CRLF too. */
  async readHeaders(): Promise<string> {
    for (;;) {
      const end = this.buffer.indexOf(END_OF_HEADERS);
      if ((end < 0 ? this.buffer.byteLength : end) > HEADER_BYTES_MAX) {
        throw malformed(`the headers of a part are longer than ${HEADER_BYTES_MAX} bytes`);
      }
      if (end >= 0) {
        const headers = this.buffer.subarray(0, end);
        this.buffer = this.buffer.subarray(end + CRLF.byteLength);
        await this.skipBlankLine();
        this.inBody = true;
        return decodeHeader(headers);
      }
      if (!(await this.more())) throw malformed("it ends within the headers of a part; send it again");
    }
  }

  async skipEpilogue(): Promise<void> {
    let skipped = this.buffer.byteLength;
    this.buffer = Buffer.alloc(0);
    while (skipped <= PREAMBLE_BYTES_MAX && (await this.more())) {
      skipped += this.buffer.byteLength;
      this.buffer = Buffer.alloc(0);
    }
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  /** Before a body; a part that has none (RFC 2046: `[CRLF *OCTET]`) goes straight on with its delimiter. */
  private async skipBlankLine(): Promise<void> {
    while (this.buffer.byteLength < this.delimiter.byteLength) if (!(await this.more())) break;
    const bodiless = this.buffer.subarray(0, this.delimiter.byteLength).equals(this.delimiter);
    if (!bodiless) this.buffer = this.buffer.subarray(CRLF.byteLength);
  }

  private async *untilDelimiter(cutOff: string): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const at = this.buffer.indexOf(this.delimiter);
      const next = at < 0 ? null : await this.readLineEnd(at + this.delimiter.byteLength, cutOff);
      if (next !== null) {
        const last = this.buffer.subarray(0, at);
        this.buffer = this.buffer.subarray(next);
        this.inBody = false;
        if (last.byteLength > 0) yield last;
        return;
      }
      // A line that only begins like the delimiter is content; otherwise the tail may be the beginning of one.
      const sure = at >= 0 ? at + 1 : Math.max(0, this.buffer.byteLength - this.delimiter.byteLength + 1);
      const bytes = this.buffer.subarray(0, sure);
      this.buffer = this.buffer.subarray(sure);
      if (bytes.byteLength > 0) yield bytes;
      if (at < 0 && !(await this.more())) throw malformed(cutOff);
    }
  }

  /**
   * What follows a delimiter: blanks and a line end, or two hyphens on the last one.
   * @returns where the next part's headers begin (at that line end), or null when it is no delimiter after all
   */
  private async readLineEnd(from: number, cutOff: string): Promise<number | null> {
    for (let at = from; ; ) {
      while (this.buffer.byteLength < at + 2) if (!(await this.more())) throw malformed(cutOff);
      const [first, second] = [this.buffer[at], this.buffer[at + 1]];
      if (at === from && first === 0x2d && second === 0x2d) {
        this.ended = true;
        return at + 2;
      }
      if (first === 0x0d && second === 0x0a) return at;
      if ((first !== 0x20 && first !== 0x09) || at - from >= PADDING_MAX) return null;
      at++;
    }
  }

  private async more(): Promise<boolean> {
    const { done, value } = await this.chunks.next();
    if (done === true) return false;
    this.buffer = Buffer.concat([this.buffer, value]);
    return true;
  }
}

function readPartHead(headers: string): Omit<FormPart, "body"> {
  let disposition: string | null = null;
  let contentType: string | null = null;
  // A line that begins with a blank continues the one before.
  for (const line of headers.replace(/\r\n[ \t]+/g, " ").split("\r\n")) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    if (colon < 1) throw malformed("a part has a header line without a name");
    const value = line.slice(colon + 1).trim();
    const header = line.slice(0, colon).trim().toLowerCase();
    if (header === "content-disposition") disposition = value;
    if (header === "content-type") contentType = value;
    if (header === "content-transfer-encoding" && !/^(7bit|8bit|binary)$/i.test(value)) {
      throw malformed("a part has a Content-Transfer-Encoding; send its bytes as they are");
    }
  }
  const [type = "", parameters] = readHeader(disposition ?? "");
  const name = parameters.get("name");
  if (type.toLowerCase() !== "form-data" || name === undefined || name === "") {
    throw malformed('a part lacks its Content-Disposition: form-data; name="..."');
  }
  const filename = parameters.get("filename");
  return { name, filename: filename === undefined ? null : baseName(filename), contentType };
}

function malformed(what: string): Failure {
  return new Failure("bad_request", `The form can't be read: ${what}.`);
}
