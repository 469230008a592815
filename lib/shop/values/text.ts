/**
 * One line of text for people: not blank, without control characters, line breaks or unpaired surrogates. Its
 * length is counted in Unicode characters, as in JSON Schema.
 */
import * as z from "zod";

const line = /^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u;

export const text = (lengthMax: number) =>
  z
    .string()
    .regex(line, "must be one line of text, without control characters")
    .regex(/\S/u, "must not be blank")
    .refine(
      (words) => words.length <= lengthMax || [...words].length <= lengthMax,
      `must have at most ${lengthMax} characters`,
    )
    .meta({ maxLength: lengthMax });
