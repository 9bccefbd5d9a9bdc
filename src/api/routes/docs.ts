/** What this service is and how to call it: `/`, `/openapi.json`, `/docs`. All of it works offline. */
import { version } from "../../../package.json";
import { Failure } from "../../lib/failure.ts";
import type { App } from "../route.ts";

/** Of swagger-ui-dist, bundled as assets; nothing else of the folder is served. */
const UI_FILES = new Set([
  "swagger-ui.css",
  "index.css",
  "swagger-ui-bundle.js",
  "favicon-16x16.png",
  "favicon-32x32.png",
]);
const CACHE_SECONDS = 86_400;

const INFO = {
  openapi: "3.1.0",
  info: {
    title: "Sheaf",
    version,
    description:
      "Documents to structured Markdown, speaking the Mathpix Files API. Authenticate with the header `app_key`. " +
      "Errors of /files carry their code in `error`; /v3 answers most request errors with HTTP 200 and `error_info`. " +
      "What each code means stands at the schema ErrorCode.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  servers: [{ url: "/" }],
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sheaf API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;
const START = `window.ui = SwaggerUIBundle({ url: "/openapi.json", dom_id: "#ui", deepLinking: true, validatorUrl: null });
`;
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

const LANDING = {
  name: "Sheaf",
  what: "Documents to structured Markdown, speaking the Mathpix Files API",
  docs: "/docs",
  openapi: "/openapi.json",
  health: "/healthz",
};
const LANDING_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sheaf</title></head>
<body><h1>Sheaf</h1><p>${LANDING.what}.</p>
<ul><li><a href="/docs">API documentation</a></li><li><a href="/openapi.json">OpenAPI 3.1</a></li><li><a href="/healthz">Health</a></li></ul>
</body></html>
`;

/** To be added last: the documentation lists what has been added before. */
export function addDocRoutes(app: App): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "app_key", {
    type: "apiKey",
    in: "header",
    name: "app_key",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "admin", { type: "http", scheme: "bearer" });
  app.get("/", (c) => {
    const html = (c.req.header("accept") ?? "").includes("text/html");
    return html ? c.html(LANDING_PAGE) : c.json(LANDING);
  });
  app.doc31("/openapi.json", INFO);
  app.on("GET", ["/docs", "/docs/"], (c) => c.html(PAGE, 200, { "content-security-policy": PAGE_POLICY }));
  app.get("/docs/start.js", (c) => c.body(START, 200, { "content-type": "text/javascript; charset=utf-8" }));
  app.get("/docs/:file", async (c) => {
    const file = c.req.param("file");
    if (!UI_FILES.has(file)) throw new Failure("not_found", "There is no such page of the documentation");
    const asset = await c.env.ASSETS.fetch(new Request(new URL(`/${file}`, c.req.url)));
    const headers = new Headers(asset.headers);
    headers.set("cache-control", `public, max-age=${CACHE_SECONDS}`);
    return new Response(asset.body, { status: asset.status, headers });
  });
}
