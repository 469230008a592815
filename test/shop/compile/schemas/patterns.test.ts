/** Clients in any language compile the patterns of our documents. */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { contractOf } from "../../../../lib/compile/compatibility/contract/contract-of.ts";
import { toAsyncApi } from "../../../../lib/compile/documents/asyncapi.ts";
import { toOpenApi } from "../../../../lib/compile/openapi/openapi.ts";
import { inputSchema, outputSchema } from "../../../../lib/compile/schemas/schemas.ts";
import { toPortable } from "../../../../lib/model/pattern/portable.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { patternsIn } from "../../../compile/schemas/patterns.ts";
import { application as library } from "../../../library/lib/application.ts";

describe.each([
  ["OpenAPI", toOpenApi],
  ["AsyncAPI", toAsyncApi],
  ["the contract", contractOf],
] as const)("%s", (_, documentOf) => {
  test("of the shop has patterns", () => expect(patternsIn(documentOf(shop)).length).toBeGreaterThan(2));

  test.each([shop, library])("of $name has patterns that compile in every language", (application) => {
    const patterns = patternsIn(documentOf(application));
    for (const pattern of patterns) expect(toPortable(new RegExp(pattern, "u"))).toEqual({ pattern });
  });
});

describe.each([
  ["what may be sent", inputSchema],
  ["what is answered", outputSchema],
] as const)("in %s", (_, schemaOf) => {
  const patternOf = (schema: z.ZodType) => patternsIn(schemaOf(z.object({ field: schema })));

  test("a pattern is translated with its flags at every place", () => {
    expect(patternOf(z.string().regex(/^.\d$/s))).toEqual(["^[\\s\\S][0-9]$"]);
    expect(patternOf(z.string().regex(/^\d$/).optional())).toEqual(["^[0-9]$"]);
    expect(patternOf(z.array(z.string().regex(/^\d$/).nullable()))).toEqual(["^[0-9]$"]);
    expect(patternOf(z.string().regex(/^\d$/).regex(/^\w$/))).toEqual(["^[0-9]$", "^[0-9A-Z_a-z]$"]);
    expect(patternOf(z.record(z.string().regex(/^\d$/), z.int()))).toEqual(["^[0-9]$"]);
    expect(patternOf(z.templateLiteral(["a", z.int()]))).toEqual(["^a-?[0-9]+$"]);
    expect(patternOf(z.iso.date()).join()).not.toContain("\\d");
  });

  test("a format that implies its pattern needs no pattern", () => {
    expect(patternOf(z.iso.duration())).toEqual([]);
    expect(patternOf(z.hostname())).toEqual([]);
    expect(schemaOf(z.iso.duration())).toEqual({ type: "string", format: "duration" });
  });
});
