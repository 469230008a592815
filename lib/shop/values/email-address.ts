/**
 * E-mail addresses in common use: a local part of letters, digits and the special characters of RFC 5322 (`atext`)
 * with single dots between them, and a domain name of at least two labels, in ASCII or punycode (`xn--`). Rare
 * forms are refused: quoted local parts, address literals such as `[192.0.2.1]`, and domains without a dot. So are
 * local parts with characters beyond ASCII, because Amazon SES does not deliver to them.
 */
import * as z from "zod";

const form =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+(?:[A-Za-z]{2,63}|[Xx][Nn]--[A-Za-z0-9-]{0,58}[A-Za-z0-9])$/;

/** The limits of RFC 5321, in characters. A text without an @ is left to the first pattern, which reports it. */
const localPart = /^(?:[^@]{0,64}@|[^@]*$)/;
const lengthMax = 254;

export const emailAddress = z
  .string()
  .max(lengthMax)
  .regex(form, "must be an e-mail address, such as ada@example.com")
  .regex(localPart, "must have at most 64 characters before the @")
  .meta({ format: "email" });

/** An address in an event. Earlier versions accepted some addresses that are refused today. */
export const recordedEmailAddress = z
  .string()
  .max(lengthMax)
  .regex(/^[!-?A-~]+@[!-?A-~]+$/)
  .meta({ format: "email" });
