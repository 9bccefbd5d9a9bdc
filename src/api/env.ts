/** What the front Worker is bound to, and what middleware leaves for the handlers. Types only. */
import type { Context } from "hono";
import type { GroupBindings } from "../accounts/group-object.ts";
import type { PriceVars } from "../accounts/price.ts";
import type { JobBindings, JobObject } from "../jobs/job-object.ts";
import type { CropRequest } from "../jobs/views.ts";
import type { FileId, JobKey } from "../lib/ids.ts";

/** The converting Worker over RPC. */
export interface ConverterStub {
  crop(request: CropRequest): Promise<Uint8Array | null>;
}

/** What the objects are bound to, since they live in this Worker, and what is the API's own. */
export interface Bindings extends JobBindings, Omit<GroupBindings, "JOB">, PriceVars {
  JOB: DurableObjectNamespace<JobObject>;
  CONVERTER: ConverterStub;
  ASSETS: Pick<Fetcher, "fetch">;
  /** Guards /admin. */
  ADMIN_SECRET: string;
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
