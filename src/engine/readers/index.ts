/** A source's bytes → the Reader for its format. */
import { EngineError } from "../errors.ts";
import type { ByteSource, Host } from "../host.ts";
import type { Reader } from "../reader.ts";
import { HEAD_BYTES, isPdf, nameFormat } from "./format.ts";
import { openPdf } from "./pdf/index.ts";

export type { Pixels, Reader } from "../reader.ts";

/** PDFium's offsets are 32-bit. */
const MAX_SOURCE_BYTES = 0xffff_ffff;

/** @throws EngineError */
export async function open(
  source: ByteSource | Uint8Array,
  host: Host,
  options: { password?: string } = {},
): Promise<Reader> {
  const size = source instanceof Uint8Array ? source.length : source.size;
  const head =
    source instanceof Uint8Array
      ? source.subarray(0, HEAD_BYTES)
      : size === 0
        ? new Uint8Array(0)
        : await source.read(0, Math.min(size, HEAD_BYTES));
  if (!isPdf(head)) {
    throw new EngineError("unsupported_file_type", `Only PDF files can be converted; this is ${nameFormat(head)}.`);
  }
  if (size > MAX_SOURCE_BYTES) throw new EngineError("unsupported_file_type", "A PDF above 4 GiB can't be read.");
  return await openPdf(source, host, options.password);
}
