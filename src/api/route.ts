/**
 * One way to add an endpoint: its schemas stand in the documentation and validate the query and the body; what is too
 * large or not JSON is read by its handler, which names the schema for the documentation only.
 */
import { type OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import { Failure } from "../lib/failure.ts";
import { nearestName } from "../lib/nearest.ts";
import { readJson } from "./body.ts";
import type { AppEnv, Ctx } from "./env.ts";
import { type Refusal, refusalsOf } from "./refusals.ts";
import { ErrorBody } from "./schemas.ts";

const NAME_SHOWN_LENGTH = 80;

export type App = OpenAPIHono<AppEnv>;

export interface Endpoint<Q extends z.ZodType, B extends z.ZodType> {
  method: "get" | "post" | "put" | "delete";
  /** As in OpenAPI, with {names}. */
  path: `/${string}`;
  tag: string;
  summary: string;
  description?: string;
  query?: Q;
  /** A JSON body that is read and validated here; absent bodies count as {} when everything in it is optional. */
  body?: B;
  /** What the handler reads itself, for the documentation. */
  documentedBody?: NonNullable<NonNullable<RouteConfig["request"]>["body"]>;
  headers?: z.ZodObject;
  answer: z.ZodType | { description: string; types: string[] };
  /** What it may refuse beside what follows from guard, path, query and body (api/refusals). */
  refuses?: readonly Refusal[];
  /** Answers that are neither its 200 nor a refusal. */
  otherAnswers?: RouteConfig["responses"];
  /** Who may call it; default: a group's key. */
  guard?: "key" | "admin" | "none";
}

type Handler<Q, B> = (c: Ctx, input: { query: Q; body: B }) => Response | Promise<Response>;

export function addRoute<Q extends z.ZodType = z.ZodObject, B extends z.ZodType = z.ZodObject>(
  app: App,
  endpoint: Endpoint<Q, B>,
  handler: Handler<z.output<Q>, z.output<B>>,
): void {
  document(app, endpoint);
  const path = endpoint.path.replace(/\{(\w+)\}/g, ":$1");
  app.on(endpoint.method.toUpperCase(), path, async (c) => {
    const query = endpoint.query === undefined ? {} : validate(c, "query", endpoint.query, readQuery(c));
    let body: unknown = {};
    if (endpoint.body !== undefined) {
      const optional = endpoint.body.safeParse({}).success;
      body = validate(c, "body", endpoint.body, (await readJson(c, { optional })).value);
    }
    return handler(c, { query: query as z.output<Q>, body: body as z.output<B> });
  });
}

/** In the documentation only: an address that shares its handler with another one. */
export function document(app: App, endpoint: Endpoint<z.ZodType, z.ZodType>): void {
  const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const params = z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
  const body = endpoint.documentedBody ?? jsonBody(endpoint.body);
  const guard = endpoint.guard ?? "key";
  app.openAPIRegistry.registerPath({
    method: endpoint.method,
    path: endpoint.path,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
    security: guard === "none" ? [] : guard === "admin" ? [{ admin: [] }] : [{ app_key: [] }],
    request: {
      ...(names.length > 0 ? { params } : {}),
      ...(endpoint.query === undefined ? {} : { query: endpoint.query as z.ZodObject }),
      ...(endpoint.headers === undefined ? {} : { headers: endpoint.headers }),
      ...(body === undefined ? {} : { body }),
    },
    responses: withRefusals(answerOf(endpoint.answer), endpoint),
  });
}

/** A parameter that is given more than once is a list. */
function readQuery(c: Ctx): Record<string, string | string[]> {
  const given = Object.entries(c.req.queries());
  return Object.fromEntries(given.map(([name, values]) => [name, values.length === 1 ? values[0]! : values]));
}

function jsonBody(schema: z.ZodType | undefined) {
  return schema === undefined ? undefined : { content: { "application/json": { schema } } };
}

/** v3 answers some refusals with 200: its answer is then one or the other. */
function withRefusals(answer: Described, endpoint: Endpoint<z.ZodType, z.ZodType>): RouteConfig["responses"] {
  const { 200: told, ...refusals } = refusalsOf(endpoint);
  const description = told === undefined ? answer.description : `${answer.description}. Or: ${told.description}`;
  const json = answer.content["application/json"]?.schema;
  const either =
    told === undefined
      ? {}
      : { "application/json": { schema: json instanceof z.ZodType ? z.union([json, ErrorBody]) : ErrorBody } };
  return { 200: { description, content: { ...answer.content, ...either } }, ...refusals, ...endpoint.otherAnswers };
}

type Described = ReturnType<typeof answerOf>;

function answerOf(answer: Endpoint<z.ZodType, z.ZodType>["answer"]) {
  if (answer instanceof z.ZodType) return { description: "OK", content: { "application/json": { schema: answer } } };
  const binary = { schema: { type: "string", format: "binary" } as const };
  return { description: answer.description, content: Object.fromEntries(answer.types.map((type) => [type, binary])) };
}

function validate(c: Ctx, what: string, schema: z.ZodType, value: unknown): unknown {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const code = c.req.path.startsWith("/v3/") ? "opts_value_out_of_range" : "bad_request";
  throw new Failure(code, describeIssue(what === "query" ? "query parameter" : "field", schema, read.error.issues[0]!));
}

function describeIssue(kind: string, schema: z.ZodType, issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join(".").slice(0, NAME_SHOWN_LENGTH);
  if (issue.code === "unrecognized_keys") {
    const name = issue.keys[0]!;
    const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    const near = nearestName(name, names);
    const hint = near === null ? `there are ${names.join(", ")}` : `did you mean "${near}"?`;
    return `unknown ${kind} "${name.slice(0, NAME_SHOWN_LENGTH)}"${names.length === 0 ? "" : `; ${hint}`}`;
  }
  return `${kind}${place === "" ? "s" : ` "${place}"`}: ${issue.message}`;
}
