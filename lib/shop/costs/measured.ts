/** `npm run combinations -- --record` writes this file. `speeds.ts` names the columns. */
export const measured = [
  ["eventbridge", "step-functions", 1, 100, 3, 2.6, 375, 484, 1, 1],
  ["eventbridge", "choreography", 1, 100, 3, 2.7, 363, 481, 1, 0.99],
  ["eventbridge", "step-functions", 16, 100, 3, 11.5, 1214, 2148, 1, 1],
  ["eventbridge", "choreography", 16, 100, 3, 15, 943, 1962, 1.29, 0.8],
  ["kafka", "step-functions", 1, 60, 2, 0.8, 1125, 2243, 1, 1],
  ["kafka", "choreography", 1, 60, 2, 0.9, 940, 2005, 1.16, 0.89],
  ["rabbitmq", "step-functions", 1, 60, 1, 0.8, 1143, 2218, 1, 1],
  ["rabbitmq", "choreography", 1, 60, 1, 0.9, 962, 1981, 1.13, 0.84],
] as const;
