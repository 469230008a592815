/** How much memory `npm start` takes, and what it does to take less. */
import { setFlagsFromString } from "node:v8";

/** Before any function is loaded: each has a heap of its own, and V8 then prefers small heaps. */
export const preferSmallHeaps = (): void => setFlagsFromString("--optimize-for-size");

/** For people, at the end. The system counts the largest amount by itself, for this process only. */
export const memoryLine = ({ maxRSS } = process.resourceUsage()): string =>
  `took ${Math.round(maxRSS / 1024)} MB of memory at most, without the engine of tables`;
