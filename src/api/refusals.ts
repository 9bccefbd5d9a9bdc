/**
 * What an operation may answer beside its 200, for the documentation: an entry a status with the codes that come with it
 * and what they mean. Most follows from what guards it and what it takes; the rest its route names.
 */
import { CODES, type Code } from "../lib/failure.ts";
import { GONE, RANGE_REFUSED, statusOf } from "./errors.ts";
import { ErrorBody } from "./schemas.ts";

/** `gone` and `range` have a status of their own and share a code with something else. */
export type Refusal = Code | "gone" | "range";

export interface Refusing {
  method: string;
  path: string;
  guard?: "key" | "admin" | "none" | undefined;
  query?: unknown;
  body?: unknown;
  documentedBody?: unknown;
  refuses?: readonly Refusal[] | undefined;
}

export function refusalsOf(endpoint: Refusing) {
  const v3 = endpoint.path.startsWith("/v3/");
  const said = new Map<number, string[]>();
  for (const refusal of new Set([...impliedBy(endpoint, v3), ...(endpoint.refuses ?? [])])) {
    const { status, text } = describe(refusal, v3);
    said.set(status, [...(said.get(status) ?? []), text]);
  }
  const content = { "application/json": { schema: ErrorBody } };
  const entries = [...said].sort(([a], [b]) => a - b);
  return Object.fromEntries(entries.map(([status, texts]) => [status, { description: texts.join(" "), content }]));
}

function impliedBy({ method, path, guard = "key", query, body, documentedBody }: Refusing, v3: boolean): Refusal[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const takesBody = body !== undefined || documentedBody !== undefined;
  const wrong: Refusal[] = v3 ? ["opts_value_out_of_range"] : ["bad_request"];
  return [
    ...(guard === "none" ? [] : (["http_unauthorized"] as const)),
    ...(guard === "key" ? (["http_max_requests"] as const) : []),
    ...(query !== undefined || takesBody ? wrong : []),
    ...(takesBody ? (["sys_request_too_large", ...(v3 ? (["json_syntax"] as const) : [])] as const) : []),
    ...(names.some((name) => name === "job_id" || name === "group") ? (["bad_request"] as const) : []),
    ...(names.some((name) => name !== "group") ? (["not_found"] as const) : []),
    // An id names its group's file: somebody else's is refused by name, a job's name means one's own.
    ...(guard === "key" && names.some((name) => FILE_NAMES.has(name)) ? (["forbidden"] as const) : []),
    ...(names.length > 0 && method !== "get" ? (["conflict"] as const) : []),
    "internal_error",
  ];
}

const FILE_NAMES: ReadonlySet<string> = new Set(["file_id", "pdf_id", "name"]);

function describe(refusal: Refusal, v3: boolean): { status: number; text: string } {
  switch (refusal) {
    case "gone":
      return { status: GONE, text: "`not_found`: It was deleted or has expired." };
    case "range":
      return { status: RANGE_REFUSED, text: "`bad_request`: The range lies behind the end." };
    default:
      return { status: statusOf(refusal, v3), text: `\`${refusal}\`: ${CODES[refusal].means}` };
  }
}
