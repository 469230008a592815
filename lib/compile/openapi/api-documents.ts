/** The documents that an API serves about itself. Each is built on the first request and cached. */
import type { CountsAs, GuardKind } from "../../model/http/guard.ts";
import { toApiPage } from "../page/api-page.ts";
import { writtenPatterns } from "../page/written-patterns.ts";
import { type Described, toOpenApi } from "./openapi.ts";

const once = (make: () => string): (() => string) => {
  let made: string | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

export const apiDocuments = (
  application: Described,
  guard: GuardKind | "any" = "any",
  callers: CountsAs = "exempt",
) => ({
  openapi: once(() => JSON.stringify(toOpenApi(application, guard, callers))),
  page: once(() => toApiPage(toOpenApi(application, guard, callers), writtenPatterns(application))),
});
