/**
 * Queue messages. A message is a hint: it names a file and a step, and the consumer claims before it works, so a lost,
 * doubled or late message changes nothing. What to do and with what is in the claim's answer, never in the message.
 */
import { z } from "zod";

/**
 * - fetch: the source from where the customer keeps it → R2                     (front; waits on networks)
 * - convert: open, reserve; a document of one part is converted and written at once, else `split` (converter; CPU)
 * - part: one part of a large document → stored facts                           (converter; CPU)
 * - assemble: all parts' facts → outputs                                        (converter; CPU)
 */
export const STEPS = ["fetch", "convert", "part", "assemble"] as const;
export type StepName = (typeof STEPS)[number];

export const Step = z.object({
  step: z.enum(STEPS),
  job: z.string().regex(/^[0-9a-f]{20}$/),
  /** The file's number in the job. */
  seq: z.number().int().nonnegative(),
  /** Which part, for step part; 0 otherwise. */
  part: z.number().int().nonnegative(),
  /** Which try this hint belongs to; an older one finds nothing to do. */
  attempt: z.number().int().positive(),
});
export type Step = z.infer<typeof Step>;

/** Which queue carries a step: split by kind of load. */
export const QUEUE_OF = { fetch: "network", convert: "cpu", part: "cpu", assemble: "cpu" } as const satisfies Record<
  StepName,
  "network" | "cpu"
>;
