/** `sheaf keys create|import|rotate|revoke|list|limits`: the admin API of a deployment. */
import { parseArgs } from "node:util";
import { APP_KEY_LENGTH_MIN } from "../../lib/app-key.ts";
import { type Client, connect, ServerError } from "../client/http.ts";
import { CONNECTION_FLAGS, CONNECTION_HELP, readSettings } from "../client/settings.ts";
import { type Command, readCount, UsageError } from "../command.ts";
import { note, print, printJson, tableOf } from "../terminal.ts";

const HELP = `sheaf keys create GROUP                      a new key; it is shown this once
sheaf keys import GROUP --key KEY --id ID    a key the clients have already, so that they change only their URL
sheaf keys rotate GROUP APP_ID               a new key for this app_id; its old ones stop within 30 seconds
sheaf keys revoke GROUP APP_ID               no key for this app_id any more
sheaf keys list GROUP
sheaf keys limits GROUP [--pages N|none] [--requests N|none] [--in-flight N|none]
                                             pages a month, requests a minute, files in flight; none = the
                                             deployment's default again; without flags: show

  --id ID   with create: the app_id of the new key (default: a generated one)
  --key KEY at least ${APP_KEY_LENGTH_MIN} printable characters without spaces; may also come from the environment as
            SHEAF_IMPORT_KEY, so that it stays out of the process list
  --json    one JSON object on stdout

${CONNECTION_HELP}`;

const FLAGS = {
  ...CONNECTION_FLAGS,
  key: { type: "string" },
  id: { type: "string" },
  pages: { type: "string" },
  requests: { type: "string" },
  "in-flight": { type: "string" },
  json: { type: "boolean" },
} as const;

/** Flag → field of the admin API. */
const LIMITS = {
  pages: "page_monthly_limit",
  requests: "requests_per_minute",
  "in-flight": "files_in_flight",
} as const;

export const keysCommand: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: FLAGS });
    const [verb, group, appId] = positionals;
    if (verb === undefined || group === undefined) throw new UsageError("sheaf keys needs a verb and a group");
    const settings = readSettings(values);
    if (settings.adminSecret === undefined)
      throw new UsageError("keys need the deployment's secret: --admin-secret or SHEAF_ADMIN_SECRET");
    const client = connect(settings);
    const path = `/admin/groups/${encodeURIComponent(group)}`;
    const answer = await act(client, verb, path, appId, values);
    if (values.json) printJson(answer);
    else print(describe(answer));
    if ((verb === "create" || verb === "rotate") && !values.json) note("The key is shown this once and kept nowhere.");
    if (verb === "list" && (answer.keys as KeyRow[]).length === 0)
      note(`There is no group "${group}" with a key; \`sheaf keys create ${group}\` makes it.`);
    if (verb === "limits" && (await readKeys(client, path)).length === 0)
      note(`There is no group "${group}" with a key; these limits would hold for it.`);
    return 0;
  },
};

interface KeyRow {
  app_id: string;
  revoked_at: string | null;
}

async function readKeys(client: Client, path: string): Promise<KeyRow[]> {
  return (await client.call(`${path}/keys`, { admin: true })).keys as KeyRow[];
}

interface KeyFlags {
  key?: string | undefined;
  id?: string | undefined;
  pages?: string | undefined;
  requests?: string | undefined;
  "in-flight"?: string | undefined;
}

async function act(
  client: Client,
  verb: string,
  path: string,
  appId: string | undefined,
  flags: KeyFlags,
): Promise<Record<string, unknown>> {
  switch (verb) {
    case "create":
      // A lost answer must not be asked for again: each request makes a key.
      return client.call(`${path}/keys`, {
        method: "POST",
        admin: true,
        json: flags.id === undefined ? {} : { app_id: flags.id },
        repeatable: false,
      });
    case "import": {
      const key = flags.key ?? process.env.SHEAF_IMPORT_KEY;
      if (key === undefined) throw new UsageError("which key? --key KEY or SHEAF_IMPORT_KEY");
      if (flags.id === undefined) throw new UsageError("under which app_id? --id ID");
      const json = { app_key: key, app_id: flags.id };
      return client.call(`${path}/keys`, { method: "POST", admin: true, json });
    }
    case "rotate": {
      if (appId === undefined) throw new UsageError("which key? sheaf keys rotate GROUP APP_ID");
      // The service would make a key for an app_id that it doesn't know, and a slip would change nothing that was meant.
      const keys = await readKeys(client, path);
      if (!keys.some((key) => key.app_id === appId && key.revoked_at === null))
        throw new ServerError(404, "not_found", `the group has no live key of the app_id "${appId}"`);
      return client.call(`${path}/keys`, { method: "POST", admin: true, json: { app_id: appId }, repeatable: false });
    }
    case "list":
      return client.call(`${path}/keys`, { admin: true });
    case "revoke":
      if (appId === undefined) throw new UsageError("which key? sheaf keys revoke GROUP APP_ID");
      return client.call(`${path}/keys/${encodeURIComponent(appId)}`, { method: "DELETE", admin: true });
    case "limits": {
      const given = Object.entries(LIMITS).flatMap(([flag, field]) => {
        const text = flags[flag as keyof typeof LIMITS];
        if (text === undefined) return [];
        return [[field, text === "none" ? null : readCount(flag, text, 0, 0)]];
      });
      if (given.length === 0) return client.call(`${path}/limits`, { admin: true });
      return client.call(`${path}/limits`, { method: "PUT", admin: true, json: Object.fromEntries(given) });
    }
    default:
      throw new UsageError(`keys knows create, import, rotate, revoke, list and limits, not "${verb}"`);
  }
}

/** A list of keys as rows, anything else as fields. */
function describe(answer: Record<string, unknown>): string {
  if (Array.isArray(answer.keys)) {
    const rows = answer.keys as Record<string, unknown>[];
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    return tableOf(
      columns,
      rows.map((row) => columns.map((column) => String(row[column] ?? ""))),
    );
  }
  return tableOf(
    ["field", "value"],
    Object.entries(answer).map(([name, value]) => [name, value === null ? "none" : String(value)]),
  );
}
