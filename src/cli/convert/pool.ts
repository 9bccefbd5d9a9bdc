/**
 * Worker threads on all cores, one file each at a time. A file that crashes its thread or takes too long costs that
 * thread alone: it is ended and another one takes its place.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { WRITERS } from "../../engine/index.ts";
import { temporaryOf } from "../outputs.ts";
import { removeHalfWritten } from "./figures.ts";
import type { Message, Outcome, Task, WorkerStart } from "./task.ts";

/** JavaScript's heap of one thread; PDFium's memory lies outside it and is bounded by wasm (4 GiB). */
const HEAP_MB = 2_048;

export interface Seat {
  index: number;
  done: number;
  total: number;
}

export interface PoolEvents {
  /** A page was read, or a file begun: what each busy thread is at. */
  progress(seats: Seat[]): void;
  ended(task: Task, outcome: Outcome): void;
}

/** @param tasks taken from the front */
export async function runTasks(
  tasks: Task[],
  start: WorkerStart,
  { width, timeoutMs }: { width: number; timeoutMs: number },
  events: PoolEvents,
): Promise<void> {
  const queue = [...tasks];
  const seats = new Map<number, Seat>();
  const lane = async (number: number): Promise<void> => {
    let worker: Worker | null = null;
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      worker ??= newWorker(start);
      const outcome = await runOne(worker, task, timeoutMs, (seat) => {
        seats.set(number, seat);
        events.progress([...seats.values()]);
      });
      seats.delete(number);
      if (outcome.unsound) {
        await worker.terminate();
        worker = null;
        for (const format of start.formats) {
          await rm(temporaryOf(`${task.base}.${WRITERS[format]!.extension}`), { force: true });
        }
        await removeHalfWritten(task.base);
      }
      events.ended(task, outcome);
    }
    await worker?.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(width, queue.length) }, (_, number) => lane(number)));
}

function newWorker(start: WorkerStart): Worker {
  const worker = new Worker(join(import.meta.dirname, "worker.ts"), {
    workerData: start,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  // A thread that is being ended may still throw when nobody waits for it any more.
  return worker.on("error", () => {});
}

function runOne(worker: Worker, task: Task, timeoutMs: number, seen: (seat: Seat) => void): Promise<Outcome> {
  const began = performance.now();
  return new Promise((settle) => {
    const finish = (outcome: Outcome): void => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      settle(outcome);
    };
    const broken = (code: string, message: string): void =>
      finish({
        status: "failed",
        pages: 0,
        ms: Math.round(performance.now() - began),
        sizes: {},
        figures: {},
        sha256: null,
        code,
        message,
        warnings: [],
        quality: null,
        unsound: true,
      });
    const onMessage = (message: Message): void => {
      if (message.kind === "page") {
        seen({ index: message.index, done: message.done, total: message.total });
        return;
      }
      const { kind: _, index: __, ...outcome } = message;
      finish(outcome);
    };
    const onError = (error: Error): void => broken("internal_error", `the conversion crashed: ${error.message}`);
    const onExit = (code: number): void => broken("internal_error", `the conversion ended its thread (code ${code})`);
    const timer = setTimeout(() => broken("timeout", `not done after ${timeoutMs / 1000} s (--timeout)`), timeoutMs);
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    seen({ index: task.index, done: 0, total: 0 });
    worker.postMessage(task);
  });
}
