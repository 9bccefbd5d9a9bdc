/**
 * A spooled submission → rows, a slice at a time. Where the last slice ended is written in the same run as its rows, so
 * expanding twice, or from where a killed process stopped, registers each item once.
 */
import { scanItems } from "../lib/json-items.ts";
import { errorFields, log } from "../lib/log.ts";
import { takeItem } from "./intake.ts";
import type { JobState } from "./job-state.ts";
import type { SubmissionRow } from "./job-tables.ts";
import { emptySubmission } from "./removal.ts";
import { emptyRequest, itemToFileRequest } from "./request/items.ts";
import { CANCELLATION } from "./tries.ts";
import type { FileRequest } from "./views.ts";

/** Items of one slice: some 50 ms in which the object answers nobody else. */
const SLICE = 1_000;

interface Slice {
  items: { index: number; file: FileRequest }[];
  /** Where the next one goes on; null = the list has ended. */
  next: { offset: number; index: number } | null;
}

/** @returns whether there was anything to expand */
export async function expandSlice(state: JobState): Promise<boolean> {
  if (!state.exists || state.spooled === 0) return false;
  const submission = nextSpooled(state);
  if (submission === null) return false;
  const slice = await readSlice(state.env.BUCKET, submission);
  const finished = state.atomically(() => register(state, submission.n, slice, Date.now()));
  if (finished) await state.env.BUCKET.delete(submission.manifest!);
  return true;
}

function nextSpooled(state: JobState): SubmissionRow | null {
  return (
    state.sql
      .exec<SubmissionRow>("SELECT * FROM submissions WHERE manifest IS NOT NULL ORDER BY n LIMIT 1")
      .toArray()[0] ?? null
  );
}

async function readSlice(bucket: R2Bucket, submission: SubmissionRow): Promise<Slice> {
  const from = { offset: submission.at, index: submission.next };
  const object = await bucket.get(
    submission.manifest!,
    from.offset > 0 ? { range: { offset: from.offset } } : undefined,
  );
  if (object === null) return missing(submission);
  const slice: Slice = { items: [], next: null };
  try {
    const body = object.body as ReadableStream<Uint8Array>;
    for await (const item of scanItems(body, from.offset > 0 ? { key: "files", from } : { key: "files" })) {
      slice.items.push({ index: item.index, file: itemToFileRequest(JSON.parse(item.text)) });
      slice.next = { offset: item.offset, index: item.index + 1 };
      if (slice.items.length === SLICE) return slice;
    }
  } catch (error) {
    // The body was checked when it was spooled, so this is ours; what can't be read ends as an error below.
    log("error", "manifest can't be read", { error: submission.manifest!, ...errorFields(error) });
    return missing(submission);
  }
  return { ...slice, next: null };
}

/** Every item of a submission reaches an end, also when its manifest is lost. */
function missing(submission: SubmissionRow): Slice {
  const refusal = {
    code: "internal_error",
    message: "The list of files was lost on our side; submit this item again.",
  } as const;
  const file: FileRequest = { ...emptyRequest(), refusal };
  const left = Math.min(SLICE, submission.count - submission.next);
  const items = Array.from({ length: left }, (_, i) => ({ index: submission.next + i, file }));
  const index = submission.next + left;
  return { items, next: index < submission.count ? { offset: submission.at, index } : null };
}

/** @returns whether this was the submission's last slice */
function register(state: JobState, n: number, slice: Slice, now: number): boolean {
  const submission = state.submission(n);
  if (submission.manifest === null) return false;
  let next = submission.next;
  const cancelledAt = state.number("cancelled");
  const cancelled = cancelledAt !== null && cancelledAt >= submission.created;
  for (const { index, file } of slice.items) {
    if (index < next || index >= submission.count) continue;
    // An item that is refused anyway stays so: after a cancellation it could be driven again.
    const refusal = file.refusal ?? (cancelled ? CANCELLATION : null);
    takeItem(state, { ...file, refusal }, { n }, now);
    next = index + 1;
    state.spooled--;
  }
  const finished = slice.next === null || next >= submission.count;
  if (finished) {
    state.spooled -= submission.count - next;
    state.sql.exec("UPDATE submissions SET next = count, manifest = NULL WHERE n = ?", n);
    // Its first files may be gone by now, and the rest repeats.
    emptySubmission(state, n, state.lastSeq);
  } else {
    state.sql.exec("UPDATE submissions SET next = ?, at = ? WHERE n = ?", next, slice.next!.offset, n);
  }
  return finished;
}
