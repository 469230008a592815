/**
 * An OpenAPI document as an HTML page without scripts or external resources. It works offline and with the strictest
 * content security policy.
 */

import { escaped } from "../../model/http/html.ts";
import type { Schema } from "../schemas/schemas.ts";
import type { OpenApi } from "./openapi.ts";
import type { Content, Operation, Parameter, Response } from "./operation.ts";

const code = (text: string): string => `<code>${escaped(text)}</code>`;

const block = (value: unknown): string => `<pre>${escaped(JSON.stringify(value, null, 2))}</pre>`;

const details = (summary: string, content: string): string =>
  `<details><summary>${summary}</summary>${content}</details>`;

const componentOf = ({ $ref }: Schema): string | undefined => $ref?.split("/").at(-1);

/** A component is shown once, at the end of the page; other places link to it. */
const schemaHtml = (schema: Schema): string => {
  const name = componentOf(schema);
  return name === undefined
    ? details("schema", block(schema))
    : `<p>schema: <a href="#${escaped(name)}">${escaped(name)}</a></p>`;
};

const contentHtml = (content: Content = {}): string =>
  Object.entries(content)
    .map(
      ([type, { schema, example }]) =>
        `<p>${code(type)}</p>${example === undefined ? "" : block(example)}${schemaHtml(schema)}`,
    )
    .join("");

const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string => {
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
  return rows.length === 0
    ? ""
    : `<table>${cells("th", columns)}${rows.map((row) => cells("td", row)).join("")}</table>`;
};

const rules = ["pattern", "enum", "minimum", "maximum", "default"] as const;

/** The rules of a simple value on one line. */
const inOneLine = (schema: Schema): string =>
  rules
    .filter((rule) => schema[rule] !== undefined)
    .map((rule) => `${rule} ${JSON.stringify(schema[rule])}`)
    .map(code)
    .join(" ");

const parameterRow = (parameter: Parameter): readonly string[] => [
  code(parameter.name),
  `${parameter.in}${parameter.required ? ", required" : ""}`,
  `${escaped(parameter.description ?? "")} ${inOneLine(parameter.schema)}`.trim(),
];

const responseHtml = ([status, { description, headers = {}, content }]: readonly [
  string,
  Response,
]): string =>
  details(
    `${code(status)} ${escaped(description)}`,
    `<p>headers: ${Object.keys(headers).map(code).join(", ")}</p>${contentHtml(content)}`,
  );

const accessOf = ({ security }: Operation): string =>
  security.flatMap((each) => Object.values(each).flat()).join(", ") || "public";

const operationHtml = (method: string, path: string, operation: Operation): string => {
  const { operationId, summary, description = "", parameters, requestBody, responses } = operation;
  return `<section id="${escaped(operationId)}">
<h3><b class="${escaped(method)}">${escaped(method.toUpperCase())}</b> ${escaped(path)}</h3>
<p>${escaped(summary)} <small>${escaped(accessOf(operation))}</small></p>
${description === "" ? "" : `<p>${escaped(description)}</p>`}
${table(["parameter", "in", ""], parameters.map(parameterRow))}
${requestBody ? `<h4>Body</h4>${contentHtml(requestBody.content)}` : ""}
<h4>Answers</h4>
${Object.entries(responses).map(responseHtml).join("\n")}
</section>`;
};

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:60rem;margin:0 auto;padding:1rem}
section{border-top:1px solid #8886;padding:.5rem 0}
pre{overflow:auto;padding:.75rem;background:#8882;border-radius:.25rem}
code,pre{font:.875rem/1.45 ui-monospace,monospace}
table{border-collapse:collapse}td,th{padding:.25rem .75rem .25rem 0;text-align:left;vertical-align:top}
small{padding:0 .5rem;border:1px solid #8886;border-radius:1rem}
summary{cursor:pointer}b.get{color:#0a7}b.post{color:#37c}b.put{color:#c80}b.delete{color:#c33}`;

export const toApiPage = ({ info, paths, components }: OpenApi): string => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const links = operations.map(
    ({ path, method, operation: { operationId, summary } }) =>
      `<li><a href="#${escaped(operationId)}">${escaped(`${method.toUpperCase()} ${path}`)}</a> ${escaped(summary)}</li>`,
  );
  const sections = operations.map(({ path, method, operation }) => operationHtml(method, path, operation));
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<section id="${escaped(name)}"><h3>${escaped(name)}</h3>${block(schema)}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(info.title)} ${escaped(info.version)}</title>
<style>${style}</style>
<h1>${escaped(info.title)} <small>${escaped(info.version)}</small></h1>
<p>${escaped(info.description)}</p>
<ul>
${links.join("\n")}
</ul>
<h2>Operations</h2>
${sections.join("\n")}
<h2>Schemas</h2>
${schemas.join("\n")}
</html>
`;
};
