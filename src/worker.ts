/** The front Worker: fetch → api, its queues → pipeline, scheduled → sweep; exports the Durable Objects; decides nothing. */

import { createApp } from "./api/app.ts";
import { allShards } from "./db/client.ts";
import { sweep, wake } from "./pipeline/expire.ts";
import { fetchStep } from "./pipeline/fetch.ts";
import { consume, discard } from "./pipeline/index.ts";

export { GroupObject } from "./accounts/group-object.ts";
export { JobObject } from "./jobs/job-object.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  async queue(batch, env, ctx) {
    if (batch.queue === DEAD_QUEUE) return discard(batch);
    const working = consume(batch, env.JOB, {
      fetch: fetchStep({
        bucket: env.BUCKET,
        allowLocal: env.ALLOW_LOCAL_SOURCES === "true",
        convert: (step, work) => env.CONVERTER.convert(step, work),
      }),
    });
    // A source that drips keeps its own invocation busy, not the queue: what takes long goes on behind the batch.
    ctx.waitUntil(working);
    await Promise.race([working, scheduler.wait(Number(env.FETCH_PATIENCE_MS))]);
  },
  async scheduled(event, env) {
    const deps = { shards: allShards(env.DB), jobs: env.JOB, bucket: env.BUCKET, now: event.scheduledTime };
    if (event.cron === DAILY) await sweep(deps);
    else await wake(deps);
  },
} satisfies ExportedHandler<Env>;

/** As in wrangler.toml. */
const DEAD_QUEUE = "sheaf-dead";
const DAILY = "17 3 * * *";
