/** The limits of the API in `throttle=RATE,BURST`. */
import type { Throttle } from "../../constructs/http-api/throttle.ts";

const parts = { RATE: "requests per second", BURST: "requests at once" } as const;

const numberIn = (text: string, part: keyof typeof parts, given: string): number => {
  const number = Number(text);
  if (/^\d+$/.test(text) && number > 0 && Number.isSafeInteger(number)) return number;
  throw new Error(
    `context throttle=${given}: ${part} must be a whole number of ${parts[part]}, at least 1; got ${text === "" ? "nothing" : text}`,
  );
};

/** Throws, with the number that is wrong, if it is not two whole numbers. */
export const throttleIn = (given: string): Throttle => {
  const numbers = given.split(",");
  const [rate = "", burst = ""] = numbers;
  if (numbers.length !== 2)
    throw new Error(
      `context throttle=${given}: expected two whole numbers, RATE,BURST, such as 100,200; got ${numbers.length}`,
    );
  return { rate: numberIn(rate, "RATE", given), burst: numberIn(burst, "BURST", given) };
};
