/** Suggests the known word that a wrong one resembles. */
import { closestMatch } from "leven";

const differencesMax = 3;

/** Empty if the word resembles no known one. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const closest = closestMatch(word, known, { maxDistance: differencesMax });
  return closest === undefined ? "" : `; did you mean ${closest}?`;
};
