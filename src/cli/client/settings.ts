/** Which service the command line speaks to, and as whom: flags, then the environment, then the local dev.json. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../command.ts";

export interface Settings {
  url: string;
  appId: string | undefined;
  appKey: string | undefined;
  adminSecret: string | undefined;
}

/** For parseArgs: every remote command takes these. */
export const CONNECTION_FLAGS = {
  url: { type: "string" },
  "app-id": { type: "string" },
  "app-key": { type: "string" },
  "admin-secret": { type: "string" },
} as const;

export const CONNECTION_HELP = `Which service (flag, else environment, else .state/dev.json of \`npm start\`):
  --url URL              SHEAF_URL
  --app-key KEY          SHEAF_APP_KEY        --app-id ID     SHEAF_APP_ID
  --admin-secret SECRET  SHEAF_ADMIN_SECRET   (\`sheaf keys\` only)`;

/** Where `npm start` keeps its state unless told otherwise: in the project, wherever the user stands. */
const DEV_FILE = join(import.meta.dirname, "../../../.state/dev.json");

interface ConnectionFlags {
  url?: string | undefined;
  "app-id"?: string | undefined;
  "app-key"?: string | undefined;
  "admin-secret"?: string | undefined;
}

export function readSettings(
  flags: ConnectionFlags,
  env: Readonly<Record<string, string | undefined>> = process.env,
  devFile = DEV_FILE,
): Settings {
  const url = flags.url ?? env.SHEAF_URL;
  const dev = readDevFile(devFile);
  // Keys of the local service are not for another one: they count only where the address is theirs too.
  const local = url === undefined || url === dev?.url ? dev : null;
  const address = url ?? dev?.url;
  if (address === undefined) {
    throw new UsageError(
      "no service named: start one with `npm start`, or give --url (or SHEAF_URL) and --app-key (or SHEAF_APP_KEY)",
    );
  }
  if (!URL.canParse(address)) throw new UsageError(`"${address}" is not a URL`);
  return {
    url: address.replace(/\/+$/, ""),
    appId: flags["app-id"] ?? env.SHEAF_APP_ID ?? local?.app_id,
    appKey: flags["app-key"] ?? env.SHEAF_APP_KEY ?? local?.app_key,
    adminSecret: flags["admin-secret"] ?? env.SHEAF_ADMIN_SECRET ?? local?.admin_secret,
  };
}

function readDevFile(file: string): Partial<Record<"url" | "app_id" | "app_key" | "admin_secret", string>> | null {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
