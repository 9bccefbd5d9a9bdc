/**
 * Endpoints whose depth belongs to a later version: data sources and identities, webhooks, images and strokes, the
 * stand-alone converter, app tokens. They exist, check what they are given, and say plainly what is not available.
 */
import { z } from "@hono/zod-openapi";
import { IDENTIFIER } from "../../jobs/request/items.ts";
import { Failure } from "../../lib/failure.ts";
import { type App, addRoute, type Endpoint } from "../route.ts";

const DATA_SOURCE_NAME_LENGTH_MAX = 128;
const TOKEN_SECONDS = [30, 43_200] as const;

const Never = z.object({}).openapi("NotAvailable");
const Text = z.string().min(1);
const Https = z.url({ protocol: /^https$/, error: "must be an https:// address" });

const Common = { bucket: Text, name: Text.max(DATA_SOURCE_NAME_LENGTH_MAX).optional() };
const Keyless = { secret: z.never("is not taken by a keyless grant").optional() };
const DataSource = z.union([
  z.object({
    ...Common,
    ...Keyless,
    provider: z.literal("aws"),
    auth_method: z.literal("iam_role"),
    region: Text.optional(),
    provider_specific_details: z.object({ iam_role_arn: Text, aws_external_id: Text }),
  }),
  z.object({
    ...Common,
    provider: z.literal("aws"),
    auth_method: z.literal("access_key"),
    region: Text,
    secret: Text,
    provider_specific_details: z.object({ aws_access_key_id: Text }),
  }),
  z.object({
    ...Common,
    ...Keyless,
    provider: z.literal("azure"),
    auth_method: z.literal("azure_ad"),
    provider_specific_details: z.object({ azure_tenant_id: Text, storage_account: Text }),
  }),
  z.object({
    ...Common,
    ...Keyless,
    provider: z.literal("gcp"),
    auth_method: z.literal("service_account"),
    provider_specific_details: z.object({ gcp_project_id: Text, target_sa_email: Text }),
  }),
]);
const DataSourceRequest = z
  .looseObject({
    provider: z.enum(["aws", "azure", "gcp"], "must be aws, azure or gcp"),
    auth_method: z.enum(["iam_role", "access_key", "azure_ad", "service_account"], {
      error: "must be iam_role or access_key (aws), azure_ad (azure) or service_account (gcp)",
    }),
    bucket: z.string("must be given").min(1, "must not be empty"),
    provider_specific_details: z.looseObject({}, "must be an object"),
  })
  .refine((value) => DataSource.safeParse(value).success, {
    error: "provider, auth_method, region, secret and provider_specific_details don't belong together",
    path: ["provider_specific_details"],
  })
  .openapi("DataSourceRequest");

const Callback = z.object({ callback_url: Https, callback_headers: z.record(z.string(), z.string()).optional() });
const Source = z
  .looseObject({ src: Text.optional() })
  .refine(({ src }) => src !== undefined, { error: "must be given", path: ["src"] });

export function addUnavailableRoutes(app: App): void {
  addDataSources(app);
  addWebhooks(app);
  addImages(app);
  addConverter(app);
  addTokens(app);
}

function addDataSources(app: App): void {
  const tag = "Data sources";
  const path = "/files/v1/data-sources";
  const reason = "Data sources can't be registered in this version; give presigned https:// addresses as source_uri.";
  addRoute(
    app,
    {
      method: "get",
      path,
      tag,
      summary: "Registered buckets: none in this version",
      answer: z.object({ data_sources: z.array(Never) }),
    },
    (c) => c.json({ data_sources: [] }),
  );
  addRefusal(
    app,
    {
      method: "post",
      path,
      tag,
      summary: "Register a bucket",
      body: DataSourceRequest,
    },
    reason,
  );
  const unknown = () => {
    throw new Failure("not_found", "There is no data source of this id; none can be registered in this version");
  };
  addRoute(app, { method: "post", path: `${path}/{id}/test`, tag, summary: "Test a bucket", answer: Never }, unknown);
  addRoute(app, { method: "delete", path: `${path}/{id}`, tag, summary: "Forget a bucket", answer: Never }, unknown);
  addRoute(
    app,
    { method: "get", path: "/files/v1/onboarding/identities", tag, summary: "Who to grant access to", answer: Never },
    () => {
      // The contract's answer of a deployment without identities.
      throw new Failure(
        "internal_error",
        "This deployment has no cloud identities configured; data sources are not available yet.",
      );
    },
  );
}

function addWebhooks(app: App): void {
  const tag = "Webhooks";
  const path = "/files/v1/webhook-config";
  const reason = "Webhooks are not delivered by this version; poll the status instead.";
  addRefusal(app, { method: "get", path, tag, summary: "The signing secret" }, reason);
  const Rotate = z.object({ force: z.boolean("must be true or false").optional() });
  addRefusal(
    app,
    {
      method: "post",
      path: `${path}/secret`,
      tag,
      summary: "Rotate the secret",
      body: Rotate,
    },
    reason,
  );
  addRefusal(
    app,
    {
      method: "post",
      path: `${path}/test`,
      tag,
      summary: "Send a test",
      body: Callback,
    },
    reason,
  );
}

function addImages(app: App): void {
  const tag = "v3, not available";
  const reason = "Images and strokes are not converted by this version; send documents to /files/v1 or /v3/pdf.";
  for (const name of ["text", "latex"] as const) {
    addRefusal(
      app,
      {
        method: "post",
        path: `/v3/${name}`,
        tag,
        summary: "One image",
        body: Source,
      },
      reason,
    );
  }
  const Strokes = z.looseObject({ strokes: z.looseObject({}, "must be an object") });
  addRefusal(
    app,
    {
      method: "post",
      path: "/v3/strokes",
      tag,
      summary: "Handwriting",
      body: Strokes,
    },
    reason,
  );
  const Batch = z.looseObject({ urls: z.record(z.string(), z.unknown(), "must be an object of names and addresses") });
  addRefusal(
    app,
    {
      method: "post",
      path: "/v3/batch",
      tag,
      summary: "Many images",
      body: Batch,
    },
    reason,
  );
  addRefusal(
    app,
    {
      method: "get",
      path: "/v3/batch/{id}",
      tag,
      summary: "State of a batch",
    },
    reason,
  );
  addRoute(
    app,
    {
      method: "get",
      path: "/v3/ocr-results",
      tag,
      summary: "Images converted: none",
      answer: z.object({ ocr_results: z.array(Never) }),
    },
    (c) => c.json({ ocr_results: [] }),
  );
}

function addConverter(app: App): void {
  const tag = "v3, not available";
  const Converter = z.looseObject({
    mmd: z.string("must be given"),
    formats: z.record(z.string(), z.boolean(), 'must be an object like {"docx": true}'),
  });
  addRefusal(
    app,
    {
      method: "post",
      path: "/v3/converter",
      tag,
      summary: "mmd → formats",
      body: Converter,
    },
    "Stand-alone conversion of mmd is not available in this version.",
  );
  addRoute(
    app,
    {
      method: "get",
      path: "/v3/converter-results",
      tag,
      summary: "Conversions: none",
      answer: z.object({ documents: z.array(Never) }),
    },
    (c) => c.json({ documents: [] }),
  );
}

function addTokens(app: App): void {
  const tag = "v3, not available";
  const reason = "app_token is not available in this version, since it is valid for images and strokes only.";
  const Token = z.looseObject({
    expires: z
      .number()
      .int()
      .min(TOKEN_SECONDS[0], `must be at least ${TOKEN_SECONDS[0]}`)
      .max(TOKEN_SECONDS[1], `must be at most ${TOKEN_SECONDS[1]}`)
      .optional(),
    user_id: z.string().regex(IDENTIFIER, "must be 1 to 256 characters out of A-Z a-z 0-9 _ - . :").optional(),
  });
  addRefusal(
    app,
    {
      method: "post",
      path: "/v3/app-tokens",
      tag,
      summary: "A token for clients",
      body: Token,
    },
    reason,
  );
  addRoute(
    app,
    {
      method: "get",
      path: "/v3/app-tokens",
      tag,
      summary: "Live tokens: none",
      answer: z.object({ app_tokens: z.array(Never) }),
    },
    (c) => c.json({ app_tokens: [] }),
  );
  for (const method of ["get", "delete"] as const) {
    addRoute(app, { method, path: "/v3/app-tokens/{token}", tag, summary: "One token", answer: Never }, () => {
      throw new Failure("not_found", "There is no such token");
    });
  }
}

/** An endpoint that checks what it is given, and then says what isn't available. */
function addRefusal<B extends z.ZodType = z.ZodObject>(
  app: App,
  endpoint: Pick<Endpoint<z.ZodObject, B>, "method" | "path" | "tag" | "summary" | "body">,
  reason: string,
): void {
  addRoute<z.ZodObject, B>(app, { ...endpoint, answer: Never, refuses: ["not_available"] }, () => {
    throw new Failure("not_available", reason);
  });
}
