/** The front Worker: fetch → api, its queues → pipeline, scheduled → sweep; exports the Durable Objects; decides nothing. */

import { createApp } from "./api/app.ts";
import { database } from "./db/client.ts";
import { sweep, wake } from "./pipeline/expire.ts";
import { fetchStep } from "./pipeline/fetch.ts";
import { consume, discard } from "./pipeline/index.ts";

export { GroupObject } from "./accounts/group-object.ts";
export { JobObject } from "./jobs/job-object.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    if (batch.queue === DEAD_QUEUE) return discard(batch);
    await consume(batch, env.JOB, {
      fetch: fetchStep({
        bucket: env.BUCKET,
        allowLocal: env.ALLOW_LOCAL_SOURCES === "true",
        convert: (step, work) => env.CONVERTER.convert(step, work),
      }),
    });
  },
  async scheduled(event, env) {
    const deps = { db: database(env.DB), jobs: env.JOB, bucket: env.BUCKET, now: event.scheduledTime };
    if (event.cron === DAILY) await sweep(deps);
    else await wake(deps);
  },
} satisfies ExportedHandler<Env>;

/** As in wrangler.toml. */
const DEAD_QUEUE = "sheaf-dead";
const DAILY = "17 3 * * *";
