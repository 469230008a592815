/** How much memory `npm start` takes, and what it does to take less. */
import { setFlagsFromString } from "node:v8";

/** Call it before a function is loaded. Each function has its own heap, and V8 then prefers small heaps. */
export const preferSmallHeaps = (): void => setFlagsFromString("--optimize-for-size");

/** What people read at the end. The operating system counts the largest amount, of this process only. */
export const memoryLine = ({ maxRSS } = process.resourceUsage()): string =>
  `took ${Math.round(maxRSS / 1024)} MB of memory at most, without the engine of tables`;
