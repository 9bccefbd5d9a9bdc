/** `sheaf status|wait|delete|cancel|retry`: what can be asked of files that a service has. */
import { parseArgs } from "node:util";
import { type FileStatus, statusOf } from "../client/files.ts";
import { type Client, connect } from "../client/http.ts";
import { CONNECTION_FLAGS, CONNECTION_HELP, readSettings } from "../client/settings.ts";
import { type Command, eachOf, UsageError } from "../command.ts";
import { print, printJson, tableOf } from "../terminal.ts";
import { warningLines } from "../warnings.ts";
import { waitForFiles, waitForJob } from "./waiting.ts";

const REQUESTS = 4;

const FLAGS = { ...CONNECTION_FLAGS, json: { type: "boolean" } } as const;

interface Asked {
  client: Client;
  ids: string[];
  json: boolean;
}

function ask(args: string[]): Asked {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: FLAGS });
  if (positionals.length === 0) throw new UsageError("which file? Name its file_id");
  return { client: connect(readSettings(values)), ids: positionals, json: values.json ?? false };
}

export const statusCommand: Command = {
  help: `sheaf status FILE_ID...   how far they are, and what the service warns of

  --json      one JSON object on stdout: the statuses as the service tells them

${CONNECTION_HELP}`,
  async run(args) {
    const { client, ids, json } = ask(args);
    show(await eachOf(ids, REQUESTS, (id) => statusOf(client, id)), json);
    return 0;
  },
};

export const waitCommand: Command = {
  help: `sheaf wait FILE_ID... | --job JOB_ID   with a progress bar; exit code 1 when any file ended in error

  --json      one JSON object on stdout: the statuses as the service tells them

${CONNECTION_HELP}`,
  async run(args) {
    const options = { ...FLAGS, job: { type: "string" } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    if ((positionals.length === 0) === (values.job === undefined))
      throw new UsageError("wait for what? Name file_ids, or a job by --job JOB_ID");
    const client = connect(readSettings(values));
    if (values.job !== undefined) {
      const status = await waitForJob(client, values.job);
      if (values.json) printJson(status);
      else print(describeJob(values.job, status));
      return Number(status.files_errored) > 0 ? 1 : 0;
    }
    const ended = await waitForFiles(client, positionals);
    show(ended, values.json ?? false);
    return ended.some((status) => status.status === "error") ? 1 : 0;
  },
};

function describeJob(job: string, status: Record<string, unknown>): string {
  const counts = [status.file_count, status.files_completed, status.files_errored].map(Number);
  return tableOf(["job", "status", "files", "completed", "errored"], [[job, String(status.status), ...counts]]);
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
    s.quality?.trust,
    s.quality?.languages.join(","),
    s.error,
    s.error_info?.message,
  ]);
  const warnings = warningLines(statuses.map((s) => ({ name: s.file_id, warnings: s.warnings ?? [] })));
  print(
    [
      tableOf(["file_id", "name", "status", "pages", "%", "trust", "language", "code", "message"], rows),
      ...warnings,
    ].join("\n"),
  );
}
