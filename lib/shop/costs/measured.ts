/** `npm run combinations -- --record` writes this file. `speeds.ts` names the columns. */
export const measured = [] as const;
