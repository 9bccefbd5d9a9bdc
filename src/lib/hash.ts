/** Hashes of the service. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Keyed, so that a leaked table of hashes can't be searched for weak keys without the deployment's secret. */
export function keyHash(secret: string, appKey: string): string {
  return createHmac("sha256", secret).update(`key\0${appKey}`).digest("hex");
}

/** Compares two secrets in constant time whatever their lengths. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}
