/**
 * Step assemble: all parts' facts → outputs. Merges the surveys, then lays out, joins and writes page by page in one
 * pass over every format, each streamed to R2, so that 5,000 pages stay flat. Same bytes as a document of one part.
 */
import {
  type Converted,
  documentOf,
  ENGINE,
  emptySurvey,
  mergeSurveys,
  open,
  profileOf,
  WRITERS,
  writeAll,
} from "../engine/index.ts";
import type { PageLines } from "../engine/page-lines.ts";
import type { Profile } from "../engine/profile.ts";
import type { SourceInfo } from "../engine/source-info.ts";
import { artifacts } from "../jobs/artifacts.ts";
import { putStream } from "../lib/streams.ts";
import { type Converting, contextOf, ended, ticker, writable } from "./convert.ts";
import type { Claimed, Handler } from "./index.ts";
import { readPages, readSurvey } from "./part.ts";
import { openSource } from "./source.ts";

/** An output above this is not one of ours. */
const OUTPUT_BYTES_MAX = 4 * 2 ** 30;

export function assembleStep(on: Converting): Handler {
  return async (claimed) => {
    const { step, work, job } = claimed;
    await on.assembling.hold(ticker(claimed), async (renew) => {
      const parts = Math.ceil(work.pages.length / work.partPages);
      const source = await readInfo(on, claimed, renew);
      const profile = await readProfile(on, claimed, parts, renew);
      const pages = watched(readPages(on.bucket, step.job, step.seq, parts), ticker(claimed, renew));
      const formats = writable(work);
      const told = await writeOutputs(on.bucket, claimed, formats, { source, pages, profile });
      await job.done(step.seq, step.attempt, ended(work.pages.length, formats, told));
      await removeFacts(on.bucket, claimed, parts);
    });
  };
}

/** What one call of R2 deletes at most. */
const DELETE_MAX = 1000;

async function removeFacts(bucket: R2Bucket, { step }: Claimed, parts: number): Promise<void> {
  const keys = Array.from({ length: parts }, (_, part) => artifacts.facts(step.job, step.seq, part));
  for (let at = 0; at < keys.length; at += DELETE_MAX) await bucket.delete(keys.slice(at, at + DELETE_MAX));
}

/** The only moment that needs the document itself: others are opened while this one's pages are laid out. */
async function readInfo(on: Converting, claimed: Claimed, renew: () => void): Promise<SourceInfo> {
  const { work } = claimed;
  return on.lock.hold(ticker(claimed, renew), async () => {
    const reader = await open(await openSource(on.bucket, work), on.host);
    try {
      return await reader.info(work.pages);
    } finally {
      reader.close();
    }
  });
}

async function readProfile(on: Converting, { step }: Claimed, parts: number, renew: () => void): Promise<Profile> {
  let counted = emptySurvey();
  for (let part = 0; part < parts; part++) {
    counted = mergeSurveys(counted, await readSurvey(on.bucket, step.job, step.seq, part));
    renew();
  }
  return profileOf(counted);
}

async function* watched(
  pages: AsyncIterable<PageLines>,
  tick: (done: number) => Promise<void>,
): AsyncIterable<PageLines> {
  let done = 0;
  for await (const page of pages) {
    yield page;
    await tick(++done);
  }
}

async function writeOutputs(
  bucket: R2Bucket,
  { step, work }: Claimed,
  formats: string[],
  read: { source: SourceInfo; pages: AsyncIterable<PageLines>; profile: Profile },
): Promise<Pick<Converted, "warnings" | "quality">> {
  const document = documentOf({ source: read.source, engine: ENGINE }, read.pages, read.profile);
  const outputs = formats.map((format) => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const { extension, contentType } = WRITERS[format]!;
    const key = artifacts.output(step.job, step.seq, extension);
    const stored = putStream(bucket, key, readable, { limit: OUTPUT_BYTES_MAX, contentType });
    return { format, writer: writable.getWriter(), stored };
  });
  const encoder = new TextEncoder();
  const writing = writeAll(document, formats, contextOf(work), async (format, text) => {
    await outputs.find((o) => o.format === format)!.writer.write(encoder.encode(text));
  }).then(
    async (told) => {
      await Promise.all(outputs.map((o) => o.writer.close()));
      return told;
    },
    async (error) => {
      await Promise.allSettled(outputs.map((o) => o.writer.abort(error)));
      throw error;
    },
  );
  const [told] = await Promise.all([writing, ...outputs.map((o) => o.stored)]);
  return told;
}
