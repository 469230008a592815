/** One line of text for people: not blank, without control characters, line breaks or half a surrogate pair. */
import * as z from "zod";

const line = /^(?=.*\S)[^\p{Cc}\p{Cs}\u2028\u2029]+$/u;

export const text = (lengthMax: number) =>
  z.string().max(lengthMax).regex(line, "must be one line of text, without control characters");
