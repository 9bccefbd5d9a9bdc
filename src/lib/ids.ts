/**
 * Ids that route themselves. A job's key is 80 bits of HMAC-SHA-256(secret, group NUL job_id) and names its object; a
 * file_id is UUID-shaped and holds job key (80 bits), number in the job (24) and a check (18), so that finding a file
 * needs no look-up and a made-up id is refused without waking anything.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** 20 lower-case hex digits. */
export type JobKey = string;
/** UUID form, version nibble 4, variant 2. */
export type FileId = string;

/** A file's number in its job: 24 bits. */
export const SEQ_MAX = 2 ** 24 - 1;

export function jobKey(secret: string, group: string, jobId: string): JobKey {
  return createHmac("sha256", secret).update(`job\0${group}\0${jobId}`).digest("hex").slice(0, 20);
}

/** @throws RangeError when seq does not fit 24 bits. */
export function fileId(secret: string, job: JobKey, seq: number): FileId {
  if (!Number.isInteger(seq) || seq < 0 || seq > SEQ_MAX) throw new RangeError(`file number ${seq} is outside 24 bits`);
  const bits = (BigInt(`0x${job}`) << 42n) | (BigInt(seq) << 18n) | BigInt(check(secret, job, seq));
  // 122 bits of ours around the 4 bits of the version and the 2 of the variant (RFC 9562 section 5.8).
  const high = bits >> 74n;
  const middle = (bits >> 62n) & 0xfffn;
  const low = bits & ((1n << 62n) - 1n);
  const hex = ((((high << 16n) | (4n << 12n) | middle) << 64n) | (2n << 62n) | low).toString(16).padStart(32, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Reads a file_id, dashed or as 32 hex digits (the pdf_id of v3); null when it is not one of ours. */
export function readFileId(secret: string, text: string): { job: JobKey; seq: number } | null {
  const hex = text.replaceAll("-", "").toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex) || (text.length !== 32 && text.length !== 36)) return null;
  const all = BigInt(`0x${hex}`);
  const bits = ((all >> 80n) << 74n) | (((all >> 64n) & 0xfffn) << 62n) | (all & ((1n << 62n) - 1n));
  const job = (bits >> 42n).toString(16).padStart(20, "0");
  const seq = Number((bits >> 18n) & 0xffffffn);
  const same = timingSafeEqual(Buffer.from(fileId(secret, job, seq).replaceAll("-", "")), Buffer.from(hex));
  return same ? { job, seq } : null;
}

/** The pdf_id of v3/pdf: the same id without dashes. */
export function pdfId(file: FileId): string {
  return file.replaceAll("-", "");
}

function check(secret: string, job: JobKey, seq: number): number {
  const digest = createHmac("sha256", secret).update(`file\0${job}\0${seq}`).digest();
  return digest.readUIntBE(0, 3) >> 6;
}
