import { describe, expect, expectTypeOf, test } from "vitest";
import { fillHtml, fillText } from "../../../../lib/shop/orders/templates/fill.ts";
import { orderConfirmation } from "../../../../lib/shop/orders/templates/order-confirmation.ts";

test("every placeholder is replaced by its value, wherever and however often it appears", () => {
  expect(fillText("{{a}} and {{b}}\n{{a}}", { a: "1", b: "2" })).toBe("1 and 2\n1");
});

test.each(["{{b}}", "$&", "$1", "}}{{", ""])("the value %j does not change", (a) => {
  expect(fillText("<{{a}}>", { a })).toBe(`<${a}>`);
});

test("a value cannot become markup, neither in an element nor in an attribute", () => {
  const a = `<b x="y">'&'`;
  const safe = "&lt;b x=&quot;y&quot;&gt;&#39;&amp;&#39;";
  expect(fillHtml('<a href="{{a}}">{{a}}</a>', { a })).toBe(`<a href="${safe}">${safe}</a>`);
});

test("the types refuse a placeholder without a value, or with a space", () => {
  type ValuesOf<Template extends string> = Parameters<typeof fillText<Template>>[1];
  expectTypeOf<ValuesOf<"{{a}} {{b}} {{a}}">>().toEqualTypeOf<{ readonly a: string; readonly b: string }>();
  expectTypeOf<{ a: string }>().not.toExtend<ValuesOf<"{{a}} {{b}}">>();
  expectTypeOf<{ a: string }>().not.toExtend<ValuesOf<"{{ a }}">>();
});

describe("the confirmation of an order", () => {
  const values = { orderId: "10248", name: "Ada", total: "12.34" };
  const { subject, text, html } = orderConfirmation;

  test.each([
    ["subject", fillText(subject, values)],
    ["text", fillText(text, values)],
    ["html", fillHtml(html, values)],
  ])("has no placeholder in its %s", (_, filled) => {
    expect(filled).not.toMatch(/\{\{|\}\}/);
  });

  test("has the same content in HTML and in text", () => {
    for (const value of Object.values(values)) {
      expect(fillText(text, values)).toContain(value);
      expect(fillHtml(html, values)).toContain(value);
    }
  });
});
