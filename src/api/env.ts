/** What the front Worker is bound to, and what middleware leaves for the handlers. Types only. */
import type { Context } from "hono";
import type { GroupObject } from "../accounts/group-object.ts";
import type { JobObject } from "../jobs/job-object.ts";
import type { Step } from "../jobs/steps.ts";
import type { FileId, JobKey } from "../lib/ids.ts";

/** The converting Worker over RPC. */
export interface ConverterStub {
  crop(request: {
    job: JobKey;
    seq: number;
    page: number;
    left: number;
    top: number;
    width: number;
    height: number;
  }): Promise<Uint8Array | null>;
}

export interface Bindings {
  DB: D1Database;
  BUCKET: R2Bucket;
  JOB: DurableObjectNamespace<JobObject>;
  GROUP: DurableObjectNamespace<GroupObject>;
  FETCH_QUEUE: Queue<Step>;
  CONVERT_QUEUE: Queue<Step>;
  CONVERTER: ConverterStub;
  ASSETS: Pick<Fetcher, "fetch">;
  /** Signs ids and key hashes; never changes. */
  ID_SECRET: string;
  /** Guards /admin. */
  ADMIN_SECRET: string;
  PUBLIC_URL: string;
  /** For groups without a limit of their own; absent = none. */
  DEFAULT_REQUESTS_PER_MINUTE?: string;
  PRICE_PER_1000: string;
  PRICE_PER_1000_ABOVE: string;
  PRICE_TIER_PAGES: string;
}

/** Who asks: settled by auth. */
export interface Caller {
  group: string;
  /** The application the key belongs to, for usage. */
  appId: string | null;
  /** Null = requests are not counted, unless the deployment says so for all. */
  requestsPerMinute: number | null;
}

export interface AppEnv {
  Bindings: Bindings;
  Variables: {
    requestId: string;
    /** Absent on public and admin routes. */
    caller: Caller;
    /** For the log line: what the request was about. */
    about: { job?: JobKey; file?: FileId };
  };
}

export type Ctx = Context<AppEnv>;
