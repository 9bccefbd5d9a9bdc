/** `sheaf jobs list|get|files|cancel|retry|finalize|delete`. */
import { parseArgs } from "node:util";
import { type Client, connect } from "../client/http.ts";
import { pathOfJob, type Row, readRows } from "../client/jobs.ts";
import { CONNECTION_FLAGS, CONNECTION_HELP, readSettings } from "../client/settings.ts";
import { type Command, readCount, UsageError } from "../command.ts";
import { print, printJson, tableOf } from "../terminal.ts";

const DEFAULT_LIMIT = 100;

const HELP = `sheaf jobs list                      newest first
sheaf jobs get ID
sheaf jobs files ID [--status S]     S: pending, completed, error or cancelled
                    [--quality Q]    Q: any of language=en, min_trust=0.9, max_trust, min_native, max_native,
                                     undecodable=true, picture_pages=true, warning=any|none|CODE, joined by &
                    [--sort trust]   the least trusted first
sheaf jobs cancel ID                 stops what is not yet done
sheaf jobs retry ID [--codes LIST]   drives files in error once more, all or those with these codes
sheaf jobs finalize ID               closes it to new files
sheaf jobs delete ID                 removes it and all its files

  --limit N   at most so many rows (default ${DEFAULT_LIMIT}; 0 = all)
  --json      one JSON object on stdout

${CONNECTION_HELP}`;

const FLAGS = {
  ...CONNECTION_FLAGS,
  status: { type: "string" },
  quality: { type: "string" },
  sort: { type: "string" },
  codes: { type: "string" },
  limit: { type: "string" },
  json: { type: "boolean" },
} as const;

export const jobsCommand: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: FLAGS });
    const [verb, id] = positionals;
    const client = connect(readSettings(values));
    const limit = readCount("limit", values.limit, DEFAULT_LIMIT, 0);
    if (verb === "list") {
      const rows = await readRows(client, "/files/v1/jobs", "jobs", {}, limit);
      showRows("jobs", rows, ["job_id", "created_at"], values.json ?? false);
      return 0;
    }
    if (id === undefined)
      throw new UsageError(verb === undefined ? "jobs needs a verb" : `which job? sheaf jobs ${verb} JOB_ID`);
    const path = pathOfJob(id);
    if (verb === "files") {
      const rows = await readRows(client, `${path}/files`, "files", queryOf(values), limit);
      showRows("files", values.json ? rows : rows.map(withTrust), FILE_COLUMNS, values.json ?? false);
      return 0;
    }
    const answer = await act(client, verb, path, values.codes);
    if (values.json) printJson(answer);
    else
      print(
        tableOf(
          ["field", "value"],
          Object.entries(answer).map(([name, value]) => [name, cell(value)]),
        ),
      );
    return 0;
  },
};

const FILE_COLUMNS = ["file_id", "custom_id", "filename", "status", "num_pages", "trust", "language", "error"];

/** The service judges what is in it. */
function queryOf(flags: { status?: string; quality?: string; sort?: string }): Record<string, string> {
  const { status, sort } = flags;
  return {
    ...Object.fromEntries(new URLSearchParams(flags.quality ?? "")),
    ...(status === undefined ? {} : { status }),
    ...(sort === undefined ? {} : { sort }),
  };
}

function withTrust(row: Row): Row {
  const quality = row.quality as { trust: number; languages: string[] } | null | undefined;
  return { ...row, trust: quality?.trust, language: quality?.languages.join(",") };
}

function act(client: Client, verb: string | undefined, path: string, codes: string | undefined): Promise<Row> {
  switch (verb) {
    case "get":
      return client.call(path);
    case "delete":
      return client.call(path, { method: "DELETE" });
    case "cancel":
    case "finalize":
      return client.call(`${path}/${verb}`, { method: "POST", json: {} });
    case "retry":
      return client.call(`${path}/retry`, {
        method: "POST",
        json: codes === undefined ? {} : { codes: codes.split(",") },
      });
    default:
      throw new UsageError(`jobs knows list, get, files, cancel, retry, finalize and delete, not "${verb}"`);
  }
}

function showRows(field: string, rows: Row[], columns: string[], json: boolean): void {
  if (json) printJson({ [field]: rows });
  else
    print(
      tableOf(
        columns,
        rows.map((row) => columns.map((column) => cell(row[column]))),
      ),
    );
}

function cell(value: unknown): string | number {
  if (value === null || value === undefined) return "";
  return typeof value === "number" ? value : typeof value === "object" ? JSON.stringify(value) : String(value);
}
