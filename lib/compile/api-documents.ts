/** What an API answers of itself. The texts are made when the first client asks for them, and kept. */
import { toApiPage } from "./api-page.ts";
import { type Described, toOpenApi } from "./openapi.ts";

const once = (make: () => string): (() => string) => {
  let made: string | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

export const apiDocuments = (application: Described) => ({
  openapi: once(() => JSON.stringify(toOpenApi(application))),
  page: once(() => toApiPage(toOpenApi(application))),
});
