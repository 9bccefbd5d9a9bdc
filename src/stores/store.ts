/** What opening a kept object gives, whichever store it lies in. Types only. */

export interface OpenedObject {
  /** Bytes that will come; null when the store doesn't say. */
  size: number | null;
  /** Breaks with a Failure when the store does. Must be read to its end or given up (`return`). */
  stream: AsyncIterable<Uint8Array>;
  etag: string | null;
  contentType: string | null;
  /** The name it was stored or served under, without folders. */
  filename: string | null;
}
