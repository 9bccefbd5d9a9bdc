/** `sheaf`: finds the command, runs it, says what went wrong and what to do. Exit codes: 0 done, 1 failed, 2 misused. */
import { adviceFor, ServerError } from "./client/http.ts";
import { type Command, UsageError } from "./command.ts";
import { note, print } from "./terminal.ts";

/** Loaded when asked for: `sheaf status` need not load the engine. */
const COMMANDS: Record<string, { summary: string; load: () => Promise<Command> }> = {
  convert: {
    summary: "convert PDFs on this machine, on all cores, without any service",
    load: async () => (await import("./commands/convert.ts")).convertCommand,
  },
  inspect: {
    summary: "draw what the engine finds on a page over its picture",
    load: async () => (await import("./commands/inspect.ts")).inspectCommand,
  },
  submit: {
    summary: "send documents to a service",
    load: async () => (await import("./commands/submit.ts")).submitCommand,
  },
  status: { summary: "how far files are", load: async () => (await import("./commands/files.ts")).statusCommand },
  wait: {
    summary: "wait until files or a job have ended",
    load: async () => (await import("./commands/files.ts")).waitCommand,
  },
  download: {
    summary: "take what files, or all files of a job, were converted to",
    load: async () => (await import("./commands/download.ts")).downloadCommand,
  },
  cancel: {
    summary: "stop files that are not yet done",
    load: async () => (await import("./commands/files.ts")).cancelCommand,
  },
  retry: {
    summary: "drive files in error once more",
    load: async () => (await import("./commands/files.ts")).retryCommand,
  },
  delete: {
    summary: "remove files and all they were converted to",
    load: async () => (await import("./commands/files.ts")).deleteCommand,
  },
  jobs: {
    summary: "list, look at, cancel, retry, finalize and delete jobs",
    load: async () => (await import("./commands/jobs.ts")).jobsCommand,
  },
  keys: {
    summary: "create, import, rotate, revoke and list keys; limits of a group",
    load: async () => (await import("./commands/keys.ts")).keysCommand,
  },
};

const FAILED = 1;
const MISUSED = 2;

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    print(overview());
    return name === undefined ? MISUSED : 0;
  }
  const known = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (known === undefined) {
    note(`there is no command "${name}"\n\n${overview()}`);
    return MISUSED;
  }
  const command = await known.load();
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  if (args.slice(0, end).some((arg) => arg === "--help" || arg === "-h")) {
    print(command.help);
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    return explain(name, error);
  }
}

function explain(name: string, error: unknown): number {
  if (error instanceof ServerError) {
    const status = error.status === 0 ? "" : `, HTTP ${error.status}`;
    const advice = adviceFor(error);
    note(`error: ${error.message} (${error.code}${status})${advice === null ? "" : `\n${advice}`}`);
    return FAILED;
  }
  // parseArgs tells of unknown flags and missing values by errors with such codes.
  const misused =
    error instanceof UsageError ||
    (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
  if (misused) {
    note(`error: ${(error as Error).message}\nsheaf ${name} --help tells more.`);
    return MISUSED;
  }
  const system = error instanceof Error && "syscall" in error;
  note(
    system
      ? `error: ${error.message}`
      : `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return FAILED;
}

function overview(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`);
  return `sheaf COMMAND [ARGUMENTS]   (npm run -s sheaf -- COMMAND ...)\n\n${lines.join("\n")}\n\nsheaf COMMAND --help tells more.`;
}
