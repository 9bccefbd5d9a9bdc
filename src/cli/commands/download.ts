/** `sheaf download`: outputs of files, or of all files of a job; what can't be had is told and stops nothing. */
import { extname, join } from "node:path";
import { parseArgs } from "node:util";
import { type FileStatus, statusOf } from "../client/files.ts";
import { type Client, connect, ServerError } from "../client/http.ts";
import { pathOfJob, readRows } from "../client/jobs.ts";
import { CONNECTION_FLAGS, CONNECTION_HELP, readSettings } from "../client/settings.ts";
import { type Command, eachOf, readList, UsageError } from "../command.ts";
import { safeName } from "../outputs.ts";
import { note, print, printJson } from "../terminal.ts";
import { fetchOutputs, type NotFetched } from "./waiting.ts";

const DEFAULT_FORMATS = ["mmd"];
const REQUESTS = 4;

interface Wanted {
  file_id: string;
  filename?: string | null;
}

interface Downloaded {
  file_id: string;
  out: string[];
  failed: NotFetched[];
}

export const downloadCommand: Command = {
  help: `sheaf download FILE_ID... | --job JOB_ID   written as <stem>.<ext> of each document

  --job ID        all files of this job
  --formats LIST  default ${DEFAULT_FORMATS.join(",")}; e.g. mmd,md,lines.json
  --out DIR       where to (default: here)
  --json          one JSON object on stdout

Two documents of the same name: the later one carries its file_id too. An output that can't be had is told on stderr,
the rest is downloaded, and the exit code is 1.

${CONNECTION_HELP}`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...CONNECTION_FLAGS,
        job: { type: "string" },
        formats: { type: "string" },
        out: { type: "string" },
        json: { type: "boolean" },
      },
    });
    if ((positionals.length === 0) === (values.job === undefined))
      throw new UsageError("which files? Name their file_ids, or a job by --job JOB_ID");
    const client = connect(readSettings(values));
    const formats = readList("formats", values.formats, DEFAULT_FORMATS);
    const wanted = values.job === undefined ? await lookUp(client, positionals) : await filesOf(client, values.job);
    const files = await fetchAll(client, wanted, formats, values.out ?? ".");
    if (values.json) printJson({ files });
    else print(describe(files));
    return files.some(({ failed }) => failed.length > 0) ? 1 : 0;
  },
};

async function filesOf(client: Client, job: string): Promise<Wanted[]> {
  return (await readRows(client, `${pathOfJob(job)}/files`, "files", {}, 0)) as unknown as Wanted[];
}

/** For their names; an id that is none keeps its place, and its download says what is wrong. */
function lookUp(client: Client, ids: readonly string[]): Promise<Wanted[]> {
  return eachOf(ids, REQUESTS, async (id): Promise<Wanted | FileStatus> => {
    try {
      return await statusOf(client, id);
    } catch (error) {
      if (!(error instanceof ServerError) || error.stopsAll) throw error;
      return { file_id: id };
    }
  });
}

async function fetchAll(client: Client, wanted: Wanted[], formats: string[], out: string): Promise<Downloaded[]> {
  const taken = new Set<string>();
  const bases = wanted.map((each) => baseOf(each, taken));
  return eachOf([...wanted.entries()], REQUESTS, async ([index, { file_id }]) => {
    const { files, failed } = await fetchOutputs(client, file_id, formats, join(out, bases[index]!));
    return { file_id, out: files, failed };
  });
}

function describe(files: readonly Downloaded[]): string {
  for (const { file_id, failed } of files)
    for (const { format, code, message } of failed) note(`error: ${file_id}.${format}: ${message} (${code})`);
  const written = files.flatMap((file) => file.out);
  return written.length > 0 ? written.join("\n") : "nothing was downloaded";
}

function baseOf({ file_id, filename }: Wanted, taken: Set<string>): string {
  const name = safeName(filename ?? file_id);
  const stem = name.slice(0, name.length - extname(name).length) || name;
  const base = taken.has(stem.toLowerCase()) ? `${stem}-${file_id}` : stem;
  taken.add(base.toLowerCase());
  return base;
}
