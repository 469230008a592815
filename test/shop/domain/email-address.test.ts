import { describe, expect, test } from "vitest";
import * as z from "zod";
import { emailAddress, recordedEmailAddress } from "../../../lib/shop/values/email-address.ts";

const label = "a".repeat(63);
const local = "a".repeat(64);
/** 64 + 1 + 189 characters. */
const longest = `${local}@${label}.${label}.${"a".repeat(57)}.com`;

describe("an address in common use is accepted", () => {
  test.each([
    "ada@example.com",
    "a@b.co",
    "ada.lovelace@example.co.uk",
    "ada+orders@example.com",
    "o'hara@example.com",
    "'@example.com",
    "ada'@example.com",
    "ada_l-1@example.com",
    "_@example.com",
    "-@example.com",
    "1@example.com",
    "!#$%&'*+/=?^_`{|}~-@example.com",
    "bounce=ada=example.com@lists.example.org",
    "ADA@EXAMPLE.COM",
    "ada@1and1.com",
    "ada@163.com",
    "ada@a.b.c.d.example.museum",
    "ada@ex-am--ple.com",
    "ada@example.travelersinsurance",
    "info@xn--bcher-kva.example",
    "info@xn--d1acufc.xn--p1ai",
    "info@example.xn--vermgensberatung-pwb",
    "INFO@XN--BCHER-KVA.EXAMPLE",
    `${local}@example.com`,
    `ada@${label}.com`,
    `ada@example.${"a".repeat(63)}`,
    `ada@example.xn--${"a".repeat(59)}`,
    longest,
  ])("%s", (address) => {
    expect(emailAddress.parse(address)).toBe(address);
  });
});

describe("an invalid or rare address is refused", () => {
  test.each([
    ["nothing", ""],
    ["a word", "ada"],
    ["no local part", "@example.com"],
    ["no domain", "ada@"],
    ["two @", "ada@home@example.com"],
    ["a domain without a dot", "ada@localhost"],
    ["a dot at the start", ".ada@example.com"],
    ["a dot before the @", "ada.@example.com"],
    ["two dots in a row", "ada..l@example.com"],
    ["a blank", "ada l@example.com"],
    ["a space at the end", "ada@example.com "],
    ["a line break at the end", "ada@example.com\n"],
    ["a line break before a header", "ada@example.com\r\nBcc: eve@example.com"],
    ["a comma", "ada,eve@example.com"],
    ["a semicolon", "ada;eve@example.com"],
    ["brackets", "Ada <ada@example.com>"],
    ["a comment", "ada(home)@example.com"],
    ["a colon", "mailto:ada@example.com"],
    ["a backslash", "a\\da@example.com"],
    ["a quoted local part", '"ada l"@example.com'],
    ["an address literal", "ada@[192.0.2.1]"],
    ["an IP address", "ada@192.0.2.1"],
    ["a top-level domain of digits", "ada@example.123"],
    ["a top-level domain of one letter", "ada@example.c"],
    ["a top-level domain with a hyphen", "ada@example.co-m"],
    ["a dot at the end", "ada@example.com."],
    ["an empty label", "ada@example..com"],
    ["a dot after the @", "ada@.example.com"],
    ["a label that starts with a hyphen", "ada@-example.com"],
    ["a label that ends with a hyphen", "ada@example-.com"],
    ["an underscore in the domain", "ada@ex_ample.com"],
    ["punycode that ends with a hyphen", "ada@example.xn--a-"],
    ["empty punycode", "ada@example.xn--"],
    ["a domain that is not in punycode", "info@bücher.example"],
    ["a local part beyond ASCII", "jürgen@example.com"],
    ["a local part of 65 characters", `a${local}@example.com`],
    ["a label of 64 characters", `ada@a${label}.com`],
    ["a top-level domain of 64 characters", `ada@example.${"a".repeat(64)}`],
    ["a punycode label of 64 characters", `ada@example.xn--${"a".repeat(60)}`],
    ["255 characters", longest.replace(".com", ".coms")],
  ])("%s", (_, address) => {
    expect(emailAddress.safeParse(address).success).toBe(false);
  });
});

test("the longest address has 254 characters", () => {
  expect(longest).toHaveLength(254);
});

test("every address that an earlier version accepted can be in an event", () => {
  const earlier = z.email().max(254);
  for (const address of [
    `${local}${local}@example.com`,
    "ada@example-.com",
    `ada@${label}${label}.com`,
    "a@b.co",
  ]) {
    expect(earlier.safeParse(address).success).toBe(true);
    expect(recordedEmailAddress.parse(address)).toBe(address);
  }
});

test("JSON Schema accepts and refuses the same addresses", () => {
  const { format, maxLength, allOf } = z.toJSONSchema(emailAddress);
  expect({ format, maxLength }).toEqual({ format: "email", maxLength: 254 });
  expect(allOf).toHaveLength(2);
});
