/**
 * Links to crops: public, since a Markdown file carries no key, so each is signed for its one region. What follows from
 * a link is that region and nothing else: not the file's other pages, not the job's other files.
 */
import { createHmac } from "node:crypto";
import { sameSecret } from "./hash.ts";
import type { FileId } from "./ids.ts";

/** In the pixels of lines.json; page from 1, width or height 0 = to the page's edge. */
export interface CropRegion {
  page: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** 96 bits. */
const SIGNATURE_DIGITS = 24;

/** A file's own key, so that who signs its links needs no secret of the deployment. */
export function cropKey(secret: string, file: FileId): string {
  return createHmac("sha256", secret).update(`crop\0${file}`).digest("hex");
}

export function cropLink(publicUrl: string, key: string, file: FileId, region: CropRegion): string {
  const { page, left, top, width, height } = region;
  const query = `height=${height}&width=${width}&top_left_y=${top}&top_left_x=${left}&sig=${signatureOf(key, region)}`;
  return `${publicUrl}/cropped/${file}-${String(page).padStart(2, "0")}.jpg?${query}`;
}

export function isSigned(signature: string, key: string, region: CropRegion): boolean {
  return sameSecret(signature, signatureOf(key, region));
}

function signatureOf(key: string, { page, left, top, width, height }: CropRegion): string {
  const text = [page, left, top, width, height].join("/");
  return createHmac("sha256", key).update(text).digest("hex").slice(0, SIGNATURE_DIGITS);
}
