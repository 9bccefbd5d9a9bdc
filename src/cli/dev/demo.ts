/** One document through the HTTP API, for everyone to see: progress, then the head of its Markdown. */
import { join } from "node:path";
import { sendFile, waitForFile } from "../client/files.ts";
import { connect } from "../client/http.ts";
import { note, print, progressBar } from "../terminal.ts";
import type { DevInfo } from "./state.ts";

const SAMPLE = join(import.meta.dirname, "../sample.pdf");
const LINES_SHOWN = 16;

/** A demo that fails is said and leaves the service running: it is then what one wants to look into. */
export async function showDemo(info: DevInfo): Promise<void> {
  const client = connect({ url: info.url, appId: info.app_id, appKey: info.app_key, adminSecret: undefined });
  const began = Date.now();
  const bar = progressBar(false);
  try {
    print("Converting the sample document through the API ...");
    const fileId = await sendFile(client, SAMPLE, { options: {}, job: null, anew: true });
    const status = await waitForFile(client, fileId, (now) =>
      bar.update(now.percent_done ?? 0, 100, `${now.status}, ${now.num_pages ?? 0} pages`),
    );
    bar.end();
    if (status.status === "error") throw new Error(`${status.error}: ${status.error_info?.message}`);
    const mmd = await client.receive(`/files/v1/${fileId}.mmd`, {}, (response) => response.text());
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    const head = mmd.split("\n").slice(0, LINES_SHOWN).join("\n");
    print(
      `File ${fileId}, ${status.num_pages} pages, completed in ${seconds} s. Its Markdown begins:\n\n${indent(head)}\n`,
    );
  } catch (error) {
    bar.end();
    note(`The sample could not be converted: ${error instanceof Error ? error.message : error}\n`);
  }
}

function indent(text: string): string {
  return text.replace(/^/gm, "  | ");
}
