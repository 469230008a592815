/** Stands in for curl where a machine has none: the options that our lines use, and no other. */
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: "boolean", short: "s" },
    fail: { type: "boolean", short: "f" },
    "write-out": { type: "string", short: "w", default: "" },
    header: { type: "string", short: "H", multiple: true, default: [] },
    data: { type: "string", short: "d" },
  },
});
const headers = values.header.map((line) => line.split(": "));
const method = values.data === undefined ? "GET" : "POST";
for (const url of positionals) {
  const response = await fetch(url, { method, headers, body: values.data });
  if (values.fail && !response.ok) process.exit(22);
  process.stdout.write((await response.text()) + values["write-out"].replaceAll("\\n", "\n"));
}
