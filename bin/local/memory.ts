/** Reduces and reports the memory that `npm start` needs. */
import { setFlagsFromString } from "node:v8";

/** Makes V8 prefer small heaps. Each function has its own heap, so call this before a function is loaded. */
export const preferSmallHeaps = (): void => setFlagsFromString("--optimize-for-size");

/** The most memory that this process has taken up to now. The DynamoDB engine is another process. */
export const memoryMegabytes = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

export const memoryLine = (): string =>
  `took ${memoryMegabytes()} MB of memory at most, without the DynamoDB engine`;
