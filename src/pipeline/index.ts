/**
 * Message → step: the only place that acks, and one of the two that catch a Failure. A message is a hint: the step is
 * claimed first, and what the claim answers is the work. Consumers always ack; the job object alone decides on another
 * try, so a lost, doubled or late message changes nothing.
 */
import { EngineError } from "../engine/errors.ts";
import type { JobObject } from "../jobs/job-object.ts";
import { Step, type StepName } from "../jobs/steps.ts";
import type { Work } from "../jobs/views.ts";
import { type Code, Failure } from "../lib/failure.ts";
import { errorFields, log } from "../lib/log.ts";

export type JobStub = DurableObjectStub<JobObject>;

/** A claimed step and the job object it answers to. */
export interface Claimed {
  step: Step;
  work: Work;
  job: JobStub;
}

/** Carries a claimed step out, marking its end in the job object; throws Failure or EngineError when it can't. */
export type Handler = (claimed: Claimed) => Promise<void>;

export type Handlers = Partial<Record<StepName, Handler>>;

export async function consume(
  batch: MessageBatch<unknown>,
  jobs: DurableObjectNamespace<JobObject>,
  handlers: Handlers,
): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      const step = Step.safeParse(message.body);
      if (step.success) await takeHint(step.data, jobs, handlers);
      else log("error", "malformed message", { error: step.error.message });
      message.ack();
    }),
  );
}

/** Hints that no consumer could take lie here after their last delivery; the job objects' leases drive them again. */
export function discard(batch: MessageBatch<unknown>): void {
  log("warn", "dead letters", { count: batch.messages.length });
  batch.ackAll();
}

async function takeHint(step: Step, jobs: DurableObjectNamespace<JobObject>, handlers: Handlers): Promise<void> {
  const handler = handlers[step.step];
  if (handler === undefined) return log("error", "step in the wrong queue", { step: step.step, job: step.job });
  const job = jobs.getByName(step.job);
  try {
    const work = await job.claim(step.seq, step.part, step.attempt, step.step);
    if (work !== null) await carryOut({ step, work, job }, handler);
  } catch (error) {
    // The job object itself was out of reach: its lease and alarm drive the step again.
    log("error", "step left to its lease", { step: step.step, job: step.job, ...errorFields(error) });
  }
}

/** Runs a claimed step; whatever goes wrong is told to the job object. */
export async function carryOut(claimed: Claimed, handler: Handler): Promise<void> {
  const { step, work, job } = claimed;
  const started = Date.now();
  const about = { job: step.job, file: work.fileId, group: work.group, step: step.step, attempt: step.attempt };
  try {
    await handler(claimed);
    log("info", "step", { ...about, ms: Date.now() - started });
  } catch (error) {
    if (error instanceof LeaseLost) return log("warn", "lease lost", about);
    const failure = toFailure(error);
    log(failure.bug ? "error" : "warn", "step failed", {
      ...about,
      code: failure.code,
      ms: Date.now() - started,
      ...errorFields(error),
    });
    const { code, message, retry } = failure;
    await job.failed(step.seq, step.part, step.attempt, { code, message, retry });
  }
}

/** Another consumer has the step by now: nothing to tell anybody. */
export class LeaseLost extends Error {}

function toFailure(error: unknown): { code: Code; message: string; retry: boolean; bug: boolean } {
  if (error instanceof Failure) return { code: error.code, message: error.message, retry: error.retry, bug: false };
  if (error instanceof EngineError) return { code: error.code, message: error.message, retry: false, bug: false };
  const message = "Something went wrong on our side; the file was tried again and could not be converted.";
  return { code: "internal_error", message, retry: true, bug: true };
}
