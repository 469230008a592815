/** What an API answers of itself. The texts are made when the first client asks for them, and kept. */
import type { GuardKind } from "../../model/http/guard.ts";
import { toApiPage } from "./api-page.ts";
import { type Described, toOpenApi } from "./openapi.ts";

const once = (make: () => string): (() => string) => {
  let made: string | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

export const apiDocuments = (application: Described, guard: GuardKind | "any" = "any") => ({
  openapi: once(() => JSON.stringify(toOpenApi(application, guard))),
  page: once(() => toApiPage(toOpenApi(application, guard))),
});
