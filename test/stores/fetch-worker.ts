/** fetchSource behind HTTP: the address and the rules come in as JSON, what came of it goes out. */
import type { Work } from "../../src/jobs/views.ts";
import { Failure } from "../../src/lib/failure.ts";
import { fetchSource, type SourceRules } from "../../src/pipeline/fetch.ts";

export interface FetchRequest {
  seq: number;
  sourceUri: string | null;
  rules: Omit<SourceRules, "bucket" | "onProgress">;
  /** Beats after which the lease is gone. */
  beats?: number;
}

export interface FetchAnswer {
  source?: { key: string; bytes: number; sha256: string; filename: string | null };
  failure?: { name: string; code?: string; message: string; retry?: boolean };
  /** What each beat was told. */
  progress: number[];
  /** Text of a small one, to look at. */
  stored: { size: number; text: string } | null;
  ms: number;
}

const TEXT_BYTES = 2_000;
const JOB = "0123456789abcdef0123";

export default {
  async fetch(request, env) {
    const { seq, sourceUri, rules, beats = Number.MAX_SAFE_INTEGER } = (await request.json()) as FetchRequest;
    const answer: FetchAnswer = { progress: [], stored: null, ms: 0 };
    const onProgress = async (bytes: number) => answer.progress.push(bytes) < beats;
    const started = Date.now();
    try {
      const source = await fetchSource({ job: JOB, seq }, { sourceUri } as Work, {
        ...rules,
        bucket: env.BUCKET,
        onProgress,
      });
      answer.source = source;
    } catch (error) {
      const { name, message } = error as Error;
      answer.failure = { name, message };
      if (error instanceof Failure) Object.assign(answer.failure, { code: error.code, retry: error.retry });
      else answer.failure.name = (error as Error).constructor.name;
    }
    answer.ms = Date.now() - started;
    const key = `30d/source/${JOB}/${seq}`;
    const stored = await env.BUCKET.head(key);
    const text = stored !== null && stored.size <= TEXT_BYTES ? await (await env.BUCKET.get(key))!.text() : "";
    answer.stored = stored && { size: stored.size, text };
    return Response.json(answer);
  },
} satisfies ExportedHandler<{ BUCKET: R2Bucket }>;
