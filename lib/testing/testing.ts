/**
 * The testing kit. It tests deciders, projections and sagas alone, as values, or the whole application in one
 * process. It needs no test runner. Contract suites for authors of adapters are in `eventfold/testing/contracts/…`
 * and need Vitest. In-memory adapters are in `eventfold/adapters/memory/…`.
 */
export type { Case } from "./case.ts";
export { type DeciderOptions, type DeciderRow, deciderCases } from "./decider-cases.ts";
export { type Foreign, type InOneProcess, inOneProcess, type SendOptions } from "./in-one-process.ts";
export { type RecordedOptions, recorded } from "./recorded.ts";
export { rowsAfter, rowsAfterAnyOrder } from "./rows-after.ts";
export { type SagaAnswer, type SagaRow, sagaCases } from "./saga-cases.ts";
