/** A server that stops answering is told apart from one that is slow or has gone for a moment. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { watch } from "../../src/cli/dev/watch.ts";

test("silence for long enough is stuck; answers in between are not", async () => {
  let silent = false;
  const server = createServer((_, response) => {
    if (!silent) response.end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { stuck, stop } = watch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 400, 50);
  let told = false;
  stuck.then(() => {
    told = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect(told).toBe(false);
  silent = true;
  await stuck;
  stop();
  server.closeAllConnections();
  server.close();
});
