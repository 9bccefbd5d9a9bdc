/** `sheaf submit`: files and URLs to a service, so that the same command run again makes nothing twice. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withoutQuery } from "../../stores/uri.ts";
import { type FileStatus, type Sending, sendFile, sendUrl, statusOf } from "../client/files.ts";
import { type Client, connect, ServerError } from "../client/http.ts";
import { CONNECTION_FLAGS, CONNECTION_HELP, readSettings } from "../client/settings.ts";
import { type Command, eachOf, readJsonObject, readList, UsageError } from "../command.ts";
import { findInputs, isUrl, type Missing, urlInput } from "../inputs.ts";
import { type Named, stemsOf } from "../outputs.ts";
import { print, printJson, progressBar, tableOf } from "../terminal.ts";
import { warningLines } from "../warnings.ts";
import { fetchOutputs, waitForFiles } from "./waiting.ts";

/** Uploads at a time: enough to fill a line, few enough not to meet a rate limit at once. */
const UPLOADS = 4;

const HELP = `sheaf submit FILE|DIR|GLOB|URL...   send documents to a service; sent again, they make nothing twice

  --job ID            put them into this job (custom_id follows from name, content and options)
  --options JSON      any conversion option of the API, e.g. '{"page_ranges":"1-3"}'
  --formats LIST      formats beside mmd and lines.json, e.g. md
  --wait              wait for each to end, with a progress bar
  --out DIR           with --wait: download mmd and the formats asked for into DIR, named as \`sheaf convert\` names them
  --json              one JSON object on stdout

Exit code 1 when anything was refused, wasn't found, or with --wait ended in error; that never stops the rest.
A file that ended in error is made anew when it is sent again; \`sheaf retry ID\` drives the same one once more.

${CONNECTION_HELP}`;

interface Sent {
  in: string;
  file_id: string | null;
  status: string;
  code: string | null;
  message: string | null;
  warnings: string[];
  out: string[];
}

export const submitCommand: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...CONNECTION_FLAGS,
        job: { type: "string" },
        options: { type: "string" },
        formats: { type: "string" },
        wait: { type: "boolean" },
        out: { type: "string" },
        json: { type: "boolean" },
      },
    });
    if (positionals.length === 0) throw new UsageError("nothing to submit: name files, folders, patterns or URLs");
    if (values.out !== undefined && !values.wait) throw new UsageError("--out needs --wait");
    const client = connect(readSettings(values));
    const formats = readList("formats", values.formats, []);
    const sending = { options: optionsOf(values.options, formats), job: values.job ?? null };
    const { inputs, missing } = await namedInputs(positionals);
    const sent = await sendAll(client, inputs, sending);
    if (values.wait) await waitAndFetch(client, inputs, sent, values.out, formats);
    else await readWarnings(client, sent);
    const files = [...sent, ...missing.map(({ path, message }) => refusedAs(path, "not_found", message))];
    if (values.json) printJson({ files });
    else print(describe(files));
    return files.some((each) => each.code !== null) ? 1 : 0;
  },
};

function describe(files: readonly Sent[]): string {
  const rows = files.map((s) => [s.in, s.file_id, s.status, s.code, s.message]);
  const warnings = warningLines(files.map((s) => ({ name: s.in, warnings: s.warnings })));
  return [tableOf(["file", "file_id", "status", "code", "message"], rows), ...warnings].join("\n");
}

function optionsOf(text: string | undefined, formats: string[]): Record<string, unknown> {
  const options = readJsonObject("options", text);
  if (formats.length === 0) return options;
  const asked = Object.fromEntries(formats.map((format) => [format, true]));
  return { ...options, conversion_formats: { ...(options.conversion_formats as object | undefined), ...asked } };
}

/** Files, then URLs, each in the order given. */
async function namedInputs(args: string[]): Promise<{ inputs: Named[]; missing: Missing[] }> {
  const urls = [...new Set(args.filter(isUrl))];
  const { inputs, missing } = await findInputs(args.filter((arg) => !isUrl(arg)));
  const wrong = urls.filter((url) => !URL.canParse(url)).map((path) => ({ path, message: "this is not an address" }));
  return {
    inputs: [...inputs, ...urls.filter((url) => URL.canParse(url)).map(urlInput)],
    missing: [...missing, ...wrong],
  };
}

/** One refusal doesn't stop the rest; a service that doesn't answer, or doesn't know us, does. */
async function sendAll(client: Client, inputs: Named[], sending: Sending): Promise<Sent[]> {
  const bar = progressBar(false);
  let done = 0;
  const sent = await eachOf(inputs, UPLOADS, async ({ path }): Promise<Sent> => {
    try {
      const fileId = isUrl(path) ? await sendUrl(client, path, sending) : await sendFile(client, path, sending);
      return {
        in: shown(path),
        file_id: fileId,
        status: "submitted",
        code: null,
        message: null,
        warnings: [],
        out: [],
      };
    } catch (error) {
      if (!(error instanceof ServerError) || error.stopsAll) throw error;
      return refusedAs(path, error.code, error.message);
    } finally {
      done += 1;
      bar.update(done, inputs.length, `${done}/${inputs.length} sent`);
    }
  });
  bar.end();
  return sent;
}

function refusedAs(path: string, code: string, message: string): Sent {
  return { in: shown(path), file_id: null, status: "refused", code, message, warnings: [], out: [] };
}

/** What the service says of the options is there as soon as the file is. */
async function readWarnings(client: Client, sent: Sent[]): Promise<void> {
  const known = sent.filter((each) => each.file_id !== null);
  await eachOf(known, UPLOADS, async (each) => {
    try {
      each.warnings = (await statusOf(client, each.file_id!)).warnings ?? [];
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      // It is sent, and its id must be told.
      each.warnings = [`its warnings could not be read: ${error.message}`];
    }
  });
}

async function waitAndFetch(
  client: Client,
  inputs: Named[],
  sent: Sent[],
  out: string | undefined,
  formats: string[],
): Promise<void> {
  const known = sent.filter((each) => each.file_id !== null);
  const ended = await waitForFiles(
    client,
    known.map((each) => each.file_id!),
  );
  const byId = new Map<string, FileStatus>(ended.map((status) => [status.file_id, status]));
  const stems = stemsOf(inputs);
  await eachOf([...sent.entries()], UPLOADS, async ([index, each]) => {
    const status = each.file_id === null ? undefined : byId.get(each.file_id);
    if (status === undefined) return;
    each.status = status.status;
    each.code = status.error ?? null;
    each.message = status.error_info?.message ?? null;
    each.warnings = status.warnings ?? [];
    if (out !== undefined && status.status === "completed") {
      const { files, failed } = await fetchOutputs(
        client,
        each.file_id!,
        ["mmd", ...formats],
        join(out, stems[index]!),
      );
      each.out = files;
      each.code = failed[0]?.code ?? null;
      each.message = failed[0] === undefined ? null : `${failed[0].format}: ${failed[0].message}`;
    }
  });
}

/** Presigned URLs are secrets in their query; a file's name may have a question mark. */
const shown = (path: string): string => (isUrl(path) ? withoutQuery(path) : path);
