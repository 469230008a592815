/** `npm run combinations -- --record` writes this file. `speeds.ts` names the columns. */
export const measured = [
  ["eventbridge", "step-functions", 1, 200, 4, 1.3, 712, 1316, 1, 1],
  ["eventbridge", "choreography", 1, 200, 4, 1.3, 707, 1303, 1.22, 0.9],
  ["eventbridge", "step-functions", 16, 200, 4, 1.5, 9687, 22446, 1, 1],
  ["eventbridge", "choreography", 16, 200, 4, 1.9, 7988, 17180, 1.19, 0.98],
  ["kafka", "step-functions", 1, 60, 2, 0.8, 1125, 2243, 1, 1],
  ["kafka", "choreography", 1, 60, 2, 0.9, 940, 2005, 1.16, 0.89],
  ["rabbitmq", "step-functions", 1, 60, 1, 0.8, 1143, 2218, 1, 1],
  ["rabbitmq", "choreography", 1, 60, 1, 0.9, 962, 1981, 1.13, 0.84],
] as const;
