/** Listings of a service, page after page. */
import type { Client } from "./http.ts";

/** Rows of one request (CONTRACT section 2.6 allows 1,000). */
const PAGE = 1_000;

export type Row = Record<string, unknown>;

export function pathOfJob(id: string): string {
  return `/files/v1/jobs/${encodeURIComponent(id)}`;
}

/** @param limit 0 = to the end */
export async function readRows(
  client: Client,
  path: string,
  field: string,
  query: Record<string, string>,
  limit: number,
): Promise<Row[]> {
  const rows: Row[] = [];
  let token: string | null = null;
  do {
    const count = limit === 0 ? PAGE : Math.min(PAGE, limit - rows.length);
    const search = new URLSearchParams({
      ...query,
      limit: String(count),
      ...(token === null ? {} : { paging_state: token }),
    });
    const page: Row = await client.call(`${path}?${search}`);
    rows.push(...((page[field] ?? []) as Row[]));
    token = (page.next_page_token ?? null) as string | null;
  } while (token !== null && (limit === 0 || rows.length < limit));
  return rows;
}
