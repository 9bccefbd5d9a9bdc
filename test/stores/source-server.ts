/** Where customers keep their documents, with all its faults: a real HTTP server on loopback, one path a behaviour. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";

export const DOCUMENT = Buffer.from(`%PDF-1.7\n${"x".repeat(50_000)}\n%%EOF`);
export const LARGE_BYTES = 12 * 2 ** 20;

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const send = (status: number, headers: Record<string, string> = {}, body: Buffer | string = DOCUMENT): Answer => {
  return (response) => response.writeHead(status, headers).end(body);
};
const redirect = (location: string, status = 302): Answer => send(status, { location }, "elsewhere");

/** Writes as fast as it is taken, until the other side goes. */
function pour(response: ServerResponse, chunk: Buffer): void {
  response.on("error", () => undefined);
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once("drain", more);
  };
  more();
}

const ANSWERS: Record<string, Answer> = {
  "/paper.pdf": send(200, {
    etag: '"1"',
    "content-type": "application/pdf",
    "content-length": String(DOCUMENT.byteLength),
  }),
  "/chunked/caf%C3%A9%20%E2%98%95.pdf": (response) => {
    response.writeHead(200);
    response.write(DOCUMENT.subarray(0, 20_000));
    setTimeout(() => response.end(DOCUMENT.subarray(20_000)), 30);
  },
  "/named": send(200, {
    "content-disposition": "attachment; filename=\"plain.pdf\"; filename*=UTF-8''%C3%BC%20%2F%20x.pdf",
  }),
  "/named-raw": send(200, { "content-disposition": Buffer.from('attachment; filename="ü.pdf"').toString("latin1") }),
  "/": send(200),
  "/empty": send(200, { "content-length": "0" }, ""),
  "/gzip": send(
    200,
    { "content-encoding": "gzip", "content-length": String(gzipSync(DOCUMENT).byteLength) },
    gzipSync(DOCUMENT),
  ),
  "/bomb": send(200, { "content-encoding": "gzip" }, gzipSync(Buffer.alloc(40 * 2 ** 20))),
  "/large": (response) =>
    response.writeHead(200, { "content-length": String(LARGE_BYTES) }).end(Buffer.alloc(LARGE_BYTES, 7)),
  "/says-2-gib": (response) =>
    pour(response.writeHead(200, { "content-length": String(2 ** 31) }), Buffer.alloc(65_536)),
  "/endless": (response) => pour(response.writeHead(200), Buffer.alloc(65_536)),
  "/breaks-off": (response) => {
    response.writeHead(200, { "content-length": "100000" });
    response.write(DOCUMENT.subarray(0, 20_000), () => response.socket?.destroy());
  },
  "/breaks-off-chunked": (response) => {
    response.writeHead(200);
    response.write(DOCUMENT.subarray(0, 20_000), () => response.socket?.destroy());
  },
  "/no-answer": () => undefined,
  "/hangs-up": (response) => response.socket?.destroy(),
  "/falls-silent": (response) => response.writeHead(200).write(DOCUMENT.subarray(0, 20_000)),
  "/trickles": (response) => {
    response.writeHead(200);
    let left = 20;
    const timer = setInterval(() => (left-- > 0 ? response.write("%PDF-") : response.end()), 50);
    response.on("close", () => clearInterval(timer));
  },
  "/once": redirect("/paper.pdf"),
  "/hop5": redirect("hop4", 301),
  "/hop4": redirect("hop3", 303),
  "/hop3": redirect("hop2", 307),
  "/hop2": redirect("hop1", 308),
  "/hop1": redirect("paper.pdf"),
  "/hop6": redirect("/hop5"),
  "/circle": redirect("/circle"),
  "/to-private": redirect("http://10.0.0.1/secret"),
  "/to-metadata": redirect("http://169.254.169.254/latest/meta-data/"),
  "/to-mapped": redirect("http://[::ffff:a00:1]/"),
  "/to-decimal": redirect("http://2886729729/"),
  "/to-file": redirect("file:///etc/passwd"),
  "/to-nowhere": redirect("http://"),
  "/304": send(304, {}, ""),
  "/echo": (response, request) => response.writeHead(200).end(JSON.stringify(request.headers)),
};

/** Serves until closed; `/status/N` answers N. */
export async function startSourceServer(): Promise<{ url: string; close: () => void }> {
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? "/").replace(/\?.*$/, "");
    const status = /^\/status\/(\d{3})$/.exec(path);
    const answer = status ? send(Number(status[1]), {}, "no") : (ANSWERS[path] ?? send(404, {}, "nothing here"));
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${address.port}`, close };
}
