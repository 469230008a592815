/**
 * An OpenAPI document as a page for people, in HTML without scripts or external resources. So it works without
 * a network and under the strictest content security policy. HEAD has no section: it answers as GET does.
 */

import { escaped } from "../../model/http/html.ts";
import { curlOf } from "../openapi/curl.ts";
import type { OpenApi } from "../openapi/openapi.ts";
import type { Content, Operation, Parameter, Response } from "../openapi/operation.ts";
import type { Schema } from "../schemas/schemas.ts";
import { style } from "./style.ts";
import { schemaText, type Written, withoutPattern } from "./written-patterns.ts";

type Place = { readonly path: string; readonly method: string; readonly operation: Operation };

const code = (text: string): string => `<code>${escaped(text)}</code>`;

const block = (text: string): string => `<pre>${escaped(text)}</pre>`;

const details = (summary: string, content: string): string =>
  `<details><summary>${summary}</summary>${content}</details>`;

const componentOf = ({ $ref }: Schema): string | undefined => $ref?.split("/").at(-1);

/** A component is described once, at the end of the page. */
const schemaHtml = (schema: Schema, written: Written): string => {
  const name = componentOf(schema);
  return name === undefined
    ? details("Schema", block(schemaText(schema, written)))
    : `<p>Schema: <a href="#${escaped(name)}">${escaped(name)}</a></p>`;
};

const contentHtml = (content: Content = {}, written: Written): string =>
  Object.entries(content)
    .map(([type, { schema, example }]) => {
      const shown = example === undefined ? "" : block(JSON.stringify(example, null, 2));
      return `<p>${code(type)}</p>${shown}${schemaHtml(schema, written)}`;
    })
    .join("");

const rules = ["enum", "minimum", "maximum", "default"] as const;

/** The schema of one value in a line. */
const inOneLine = (schema: Schema, written: Written): string => {
  const pattern = withoutPattern(schema) ? undefined : written(schema.pattern ?? "");
  return [
    ...(pattern === undefined ? [] : [code(pattern)]),
    ...rules
      .filter((rule) => schema[rule] !== undefined)
      .map((rule) => code(`${rule} ${JSON.stringify(schema[rule])}`)),
  ].join(" ");
};

const table = (name: string, parameters: readonly Parameter[], written: Written): string => {
  if (parameters.length === 0) return "";
  const rows = parameters.map((parameter) => {
    const about = `${escaped(parameter.description ?? "")} ${inOneLine(parameter.schema, written)}`.trim();
    const needed = parameter.required ? " <em>required</em>" : "";
    return `<tr><th scope="row">${code(parameter.name)}${needed}</th><td>${about}</td></tr>`;
  });
  return `<table><caption>${name}</caption>${rows.join("")}</table>`;
};

const responseHtml =
  (written: Written) =>
  ([status, { description, headers = {}, content }]: readonly [string, Response]): string =>
    details(
      `${code(status)} ${escaped(description)}`,
      `<p>Headers: ${Object.keys(headers).map(code).join(", ") || "none"}</p>${contentHtml(content, written)}`,
    );

const accessOf = ({ security }: Operation): string =>
  security.flatMap((each) => Object.values(each).flat()).join(", ") || "public";

const methodOf = (method: string): string =>
  `<b class="${escaped(method)}">${escaped(method.toUpperCase())}</b>`;

const operationHtml = ({ method, path, operation }: Place, written: Written): string => {
  const { operationId, summary, description = "", parameters, requestBody, responses } = operation;
  const isHeader = (each: Parameter) => each.in === "header";
  const headers = table("Headers", parameters.filter(isHeader), written);
  return `<section id="${escaped(operationId)}" aria-labelledby="${escaped(operationId)}.title">
<h3 id="${escaped(operationId)}.title">${escaped(summary)}</h3>
<p>${methodOf(method)} ${code(path)} <small>${escaped(accessOf(operation))}</small></p>
${description === "" ? "" : `<p>${escaped(description)}</p>`}
${block(curlOf(method, path, operation))}
${table(
  "Parameters",
  parameters.filter((each) => !isHeader(each)),
  written,
)}
${headers === "" ? "" : details("Headers", headers)}
${requestBody ? `<h4>Body</h4>${contentHtml(requestBody.content, written)}` : ""}
<h4>Answers</h4>
${Object.entries(responses).map(responseHtml(written)).join("\n")}
</section>`;
};

/** What the curl lines need. Only the schemes of this document are named. */
const variablesOf = ({ components: { securitySchemes } }: OpenApi): string => {
  const token = securitySchemes.token ? `, and <code>TOKEN</code> to a token` : "";
  return `<p>The curl lines work once <code>API</code> is set to the URL of this API, without a slash at its end${token}:
<code>export API=https://…</code>. GET also answers HEAD.</p>`;
};

export const toApiPage = (document: OpenApi, written: Written): string => {
  const { info, paths, components } = document;
  const places = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== "head")
      .map(([method, operation]): Place => ({ path, method, operation })),
  );
  const links = places.map(
    ({ path, method, operation: { operationId, summary } }) =>
      `<li><a href="#${escaped(operationId)}">${escaped(summary)}</a> ${methodOf(method)} ${code(path)}</li>`,
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<section id="${escaped(name)}"><h3>${escaped(name)}</h3>${block(schemaText(schema, written))}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(info.title)} ${escaped(info.version)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escaped(info.title)} <small>${escaped(info.version)}</small></h1>
<p>${escaped(info.description)}</p>
${variablesOf(document)}
</header>
<nav aria-label="Operations">
<ul>
${links.join("\n")}
</ul>
</nav>
<main>
<h2>Operations</h2>
${places.map((place) => operationHtml(place, written)).join("\n")}
<h2>Schemas</h2>
${schemas.join("\n")}
</main>
</body>
</html>
`;
};
