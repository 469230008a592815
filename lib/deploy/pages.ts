/** What the start page of the local cloud shows of an application. */
import { toOpenApi } from "../compile/openapi/openapi.ts";
import type { AnyApplication } from "../model/application.ts";
import { plainRoutes } from "./plain-routes.ts";

type ApplicationPages = {
  readonly name: string;
  readonly version: string;
  /** The GET routes that answer without a parameter. */
  readonly links: readonly { readonly path: string; readonly about: string }[];
  /** The paths of its document and of its page, if it has routes for them. */
  readonly openapi?: string | undefined;
  readonly page?: string | undefined;
};

/** The names, the links and the documents of an application. A route without a summary has an empty `about`. */
export const pagesOf = (application: AnyApplication): ApplicationPages => {
  const { info, paths } = toOpenApi(application);
  const documentPath = (kind: "openapi" | "page") =>
    application.routes.find((route) => "document" in route && route.document === kind)?.path;
  return {
    name: info.title,
    version: info.version,
    links: plainRoutes(application).map(({ path }) => ({ path, about: paths[path]?.get?.summary ?? "" })),
    openapi: documentPath("openapi"),
    page: documentPath("page"),
  };
};
