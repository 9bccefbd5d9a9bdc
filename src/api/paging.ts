/** Listing parameters: `limit`, and `paging_state`, an opaque keyset cursor that only says where the last page ended. */
import { z } from "@hono/zod-openapi";
import { Failure } from "../lib/failure.ts";

export const LIMIT_MAX = 1_000;
const LIMIT_DEFAULT = 100;
const STATE_LENGTH_MAX = 512;

export const Limit = z
  .string()
  .regex(/^\d{1,6}$/, "must be a whole number")
  .transform(Number)
  .refine((limit) => limit >= 1 && limit <= LIMIT_MAX, { error: `must be between 1 and ${LIMIT_MAX}` })
  .default(LIMIT_DEFAULT)
  .openapi({ type: "integer", minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT });

export const PagingState = z
  .string()
  .max(STATE_LENGTH_MAX)
  .optional()
  .openapi({ description: "next_page_token of the page before" });

/** An empty page token is how clients say "from the start". */
export function decodeState<T>(text: string | undefined, schema: z.ZodType<T>): T | null {
  if (text === undefined || text === "") return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    throw new Failure("bad_request", "paging_state is not a token that this listing gave; leave it out to start again");
  }
}

export function encodeState(value: unknown): string | null {
  return value === null || value === undefined ? null : Buffer.from(JSON.stringify(value)).toString("base64url");
}
