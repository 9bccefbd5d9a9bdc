/**
 * Step part: one part of a large document → its facts, stored. A part's object holds the survey first, so that
 * assembling reads the surveys without the pages:
 *
 *   u32 survey length | survey | (u32 page length | page)*        little endian
 */
import {
  decodeLines,
  decodeSurvey,
  emptySurvey,
  encodeLines,
  encodeSurvey,
  extract,
  mergeSurveys,
  open,
  survey,
} from "../engine/index.ts";
import type { PageLines } from "../engine/page-lines.ts";
import type { Survey } from "../engine/profile.ts";
import { artifacts } from "../jobs/artifacts.ts";
import type { JobKey } from "../lib/ids.ts";
import { type Converting, ticker } from "./convert.ts";
import type { Handler } from "./index.ts";
import { openSource } from "./source.ts";

export function partStep(on: Converting): Handler {
  return async (claimed) => {
    const { step, work, job } = claimed;
    await on.lock.hold(ticker(claimed), async (renew) => {
      const reader = await open(await openSource(on.bucket, work), on.host);
      try {
        const tick = ticker(claimed, renew);
        const pages: Uint8Array[] = [];
        let counted = emptySurvey();
        for (const number of work.pages.slice(step.part * work.partPages, (step.part + 1) * work.partPages)) {
          const lines = extract(await reader.page(number));
          counted = mergeSurveys(counted, survey(lines));
          pages.push(encodeLines(lines));
          await tick(pages.length);
        }
        await on.bucket.put(artifacts.facts(step.job, step.seq, step.part), packFacts(encodeSurvey(counted), pages));
        await job.partDone(step.seq, step.part, step.attempt);
      } finally {
        reader.close();
      }
    });
  };
}

function packFacts(counted: Uint8Array, pages: Uint8Array[]): Uint8Array {
  const blobs = [counted, ...pages];
  const packed = new Uint8Array(blobs.reduce((sum, blob) => sum + 4 + blob.byteLength, 0));
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const blob of blobs) {
    view.setUint32(at, blob.byteLength, true);
    packed.set(blob, at + 4);
    at += 4 + blob.byteLength;
  }
  return packed;
}

/** First read of a part's object: most surveys fit, and one request more fetches the rest of a larger one. */
const SURVEY_READ_BYTES = 256 * 1024;

export async function readSurvey(bucket: R2Bucket, job: JobKey, seq: number, part: number): Promise<Survey> {
  const key = artifacts.facts(job, seq, part);
  const head = await readFacts(bucket, key, { offset: 0, length: SURVEY_READ_BYTES });
  const length = new DataView(head.buffer, head.byteOffset).getUint32(0, true);
  if (length + 4 <= head.byteLength) return decodeSurvey(head.subarray(4, 4 + length));
  return decodeSurvey(await readFacts(bucket, key, { offset: 4, length }));
}

export async function* readPages(bucket: R2Bucket, job: JobKey, seq: number, parts: number): AsyncIterable<PageLines> {
  for (let part = 0; part < parts; part++) {
    const packed = await readFacts(bucket, artifacts.facts(job, seq, part));
    const view = new DataView(packed.buffer, packed.byteOffset);
    for (let at = 4 + view.getUint32(0, true); at < packed.byteLength; ) {
      const length = view.getUint32(at, true);
      yield decodeLines(packed.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
  }
}

async function readFacts(
  bucket: R2Bucket,
  key: string,
  range?: { offset: number; length: number },
): Promise<Uint8Array> {
  const object = await bucket.get(key, range ? { range } : undefined);
  if (object === null) throw new Error(`facts are missing: ${key}`);
  return new Uint8Array(await object.arrayBuffer());
}
