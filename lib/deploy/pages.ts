/** What the start page of the local cloud shows of an application. */
import { toOpenApi } from "../compile/openapi/openapi.ts";
import { type Application, parametersOf } from "../model/application.ts";

type ApplicationPages = {
  readonly name: string;
  readonly version: string;
  /** The GET routes that need no parameter in their path. */
  readonly links: readonly { readonly path: string; readonly about: string }[];
  /** The paths of its document and of its page, if it has routes for them. */
  readonly openapi?: string | undefined;
  readonly page?: string | undefined;
};

/** The names, the links and the documents of an application. A route without a summary has an empty `about`. */
export const pagesOf = (application: Application<never>): ApplicationPages => {
  const { info, paths } = toOpenApi(application);
  const documentPath = (kind: "openapi" | "page") =>
    application.routes.find((route) => "document" in route && route.document === kind)?.path;
  return {
    name: info.title,
    version: info.version,
    links: application.routes
      .filter(({ method, path }) => method === "GET" && parametersOf(path).length === 0)
      .map(({ path }) => ({ path, about: paths[path]?.get?.summary ?? "" })),
    openapi: documentPath("openapi"),
    page: documentPath("page"),
  };
};
