/** `sheaf status|wait|download|delete|cancel|retry`: what can be asked of files that a service has. */
import { extname, join } from "node:path";
import { parseArgs } from "node:util";
import { type FileStatus, statusOf } from "../client/files.ts";
import { type Client, connect } from "../client/http.ts";
import { CONNECTION_FLAGS, CONNECTION_HELP, readSettings } from "../client/settings.ts";
import { type Command, eachOf, readList, UsageError } from "../command.ts";
import { safeName } from "../outputs.ts";
import { print, printJson, tableOf } from "../terminal.ts";
import { fetchOutputs, waitForFiles, waitForJob } from "./waiting.ts";

const REQUESTS = 4;

const FLAGS = {
  ...CONNECTION_FLAGS,
  job: { type: "string" },
  formats: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean" },
} as const;

interface Asked {
  client: Client;
  ids: string[];
  job: string | undefined;
  formats: string[];
  out: string;
  json: boolean;
}

function ask(args: string[], needsIds = true): Asked {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: FLAGS });
  if (needsIds && positionals.length === 0 && values.job === undefined)
    throw new UsageError("which file? Name its file_id");
  return {
    client: connect(readSettings(values)),
    ids: positionals,
    job: values.job,
    formats: readList(values.formats, ["mmd"]),
    out: values.out ?? ".",
    json: values.json ?? false,
  };
}

export const statusCommand: Command = {
  help: `sheaf status FILE_ID... [--json]\n\n${CONNECTION_HELP}`,
  async run(args) {
    const { client, ids, json } = ask(args);
    show(await eachOf(ids, REQUESTS, (id) => statusOf(client, id)), json);
    return 0;
  },
};

export const waitCommand: Command = {
  help: `sheaf wait FILE_ID... | --job JOB_ID   with a progress bar; exit code 1 when any file ended in error

${CONNECTION_HELP}`,
  async run(args) {
    const { client, ids, job, json } = ask(args);
    if (job !== undefined) {
      const status = await waitForJob(client, job);
      if (json) printJson(status);
      else
        print(
          tableOf(
            ["job", "status", "files", "completed", "errored"],
            [
              [
                job,
                String(status.status),
                Number(status.file_count),
                Number(status.files_completed),
                Number(status.files_errored),
              ],
            ],
          ),
        );
      return Number(status.files_errored) > 0 ? 1 : 0;
    }
    const ended = await waitForFiles(client, ids);
    show(ended, json);
    return ended.some((status) => status.status === "error") ? 1 : 0;
  },
};

export const downloadCommand: Command = {
  help: `sheaf download FILE_ID... [--formats mmd,md,lines.json] [--out DIR]   written as <stem>.<ext> of each document

Two documents of the same name: the later one carries its file_id too.

${CONNECTION_HELP}`,
  async run(args) {
    const { client, ids, formats, out, json } = ask(args);
    const statuses = await eachOf(ids, REQUESTS, (id) => statusOf(client, id));
    const taken = new Set<string>();
    const bases = statuses.map((status) => baseOf(status, taken));
    const files = await eachOf(statuses, REQUESTS, async (status) => {
      const base = join(out, bases[statuses.indexOf(status)]!);
      return { file_id: status.file_id, out: await fetchOutputs(client, status.file_id, formats, base) };
    });
    if (json) printJson({ files });
    else print(files.flatMap((file) => file.out).join("\n"));
    return 0;
  },
};

function baseOf(status: FileStatus, taken: Set<string>): string {
  const name = safeName(status.filename ?? status.file_id);
  const stem = name.slice(0, name.length - extname(name).length) || name;
  const base = taken.has(stem.toLowerCase()) ? `${stem}-${status.file_id}` : stem;
  taken.add(base.toLowerCase());
  return base;
}

export const deleteCommand = acting("delete", "remove files and all they were converted to", "DELETE", "");
export const cancelCommand = acting("cancel", "stop files that are not yet done", "POST", "/cancel");
export const retryCommand = acting("retry", "drive files in error once more", "POST", "/retry");

function acting(name: string, summary: string, method: "POST" | "DELETE", suffix: string): Command {
  return {
    help: `sheaf ${name} FILE_ID... [--json]   ${summary}\n\n${CONNECTION_HELP}`,
    async run(args) {
      const { client, ids, json } = ask(args);
      const answers = await eachOf(ids, REQUESTS, (id) =>
        client.call(`/files/v1/${encodeURIComponent(id)}${suffix}`, {
          method,
          ...(method === "POST" ? { json: {} } : {}),
        }),
      );
      if (json) printJson({ files: answers });
      else
        print(
          tableOf(
            ["file_id", "status"],
            answers.map((answer) => [String(answer.file_id), String(answer.status)]),
          ),
        );
      return 0;
    },
  };
}

function show(statuses: FileStatus[], json: boolean): void {
  if (json) {
    printJson({ files: statuses });
    return;
  }
  const rows = statuses.map((s) => [
    s.file_id,
    s.filename,
    s.status,
    s.num_pages ?? 0,
    Math.round(s.percent_done ?? 0),
    s.error,
    s.error_info?.message,
  ]);
  print(tableOf(["file_id", "name", "status", "pages", "%", "code", "message"], rows));
}
