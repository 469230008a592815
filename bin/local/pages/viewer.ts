/** Swagger UI as the page of the API on this machine: it works without a network and can send requests. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { HostFile, Html } from "../../../lib/local/server/host-pages.ts";
import { escaped } from "../../../lib/model/http/html.ts";
import type { Synthesized } from "../synthesized.ts";

const own = join(import.meta.dirname, "../viewer");

/** In the tarball: `bin/package/swagger-ui.ts` copies the files. */
const packed = join(own, "swagger-ui");

/** In this repository: a development dependency. */
const installed = (): string =>
  dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

const folder = existsSync(packed) ? packed : installed();

const script = "text/javascript; charset=utf-8";
const style = "text/css; charset=utf-8";

/** To serve another file, add a row. */
const files = {
  bundle: {
    path: "/_local/viewer/swagger-ui.js",
    contentType: script,
    file: join(folder, "swagger-ui-bundle.js"),
  },
  start: { path: "/_local/viewer/start.mjs", contentType: script, file: join(own, "start.mjs") },
  theirs: { path: "/_local/viewer/swagger-ui.css", contentType: style, file: join(folder, "swagger-ui.css") },
  ours: { path: "/_local/viewer/style.css", contentType: style, file: join(own, "style.css") },
} as const satisfies Readonly<Record<string, HostFile>>;

export const viewerFiles: readonly HostFile[] = Object.values(files);

/** Scripts come from files only, and requests go to this machine only. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

type Shown = Pick<Synthesized["pages"], "name" | "version"> & { readonly openapi: string };

/** `openapi` is the path of the document. */
export const viewerPage = ({ name, version, openapi }: Shown): Html => ({
  policy,
  text: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(name)} ${escaped(version)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${files.theirs.path}">
<link rel="stylesheet" href="${files.ours.path}">
<script defer src="${files.bundle.path}"></script>
<script type="module" src="${files.start.path}"></script>
</head>
<body>
<header>
<h1>${escaped(name)} ${escaped(version)}</h1>
<a href="/_local/">Start</a>
<a href="${escaped(openapi)}">OpenAPI document</a>
<h2>Operations</h2>
</header>
<div id="viewer" data-openapi="${escaped(openapi)}"></div>
</body>
</html>
`,
});
