/** The text that `npm start` prints for an application without its own guide: a curl line for its first commands. */
import { sending } from "../compile/openapi/curl.ts";
import { exampleOf } from "../compile/schemas/example.ts";
import { inputSchema, type Schema, withoutFields } from "../compile/schemas/schemas.ts";
import type { AnyApplication } from "../model/application.ts";
import { type CommandRoute, parametersOf } from "../model/http/route.ts";
import { plainRoutes } from "./plain-routes.ts";
import type { Project } from "./synthesize.ts";

/** For the guide of an application: the package exports this module. */
export { sending };

const commandsMax = 3;

const fieldIn = ({ properties = {} }: Schema, name: string): string => `${exampleOf(properties[name], name)}`;

const curlOf = (url: string, { method, path, command }: CommandRoute): string => {
  const schema = inputSchema(command.schema);
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => fieldIn(schema, name));
  const body = exampleOf(withoutFields(schema, parametersOf(path)));
  return `curl -w '\\n' -X ${method} ${sending(`${command.type}-1`, body)} ${url}${filled}`;
};

const pagesOf = ({ routes }: Pick<AnyApplication<unknown>, "routes">, url: string): readonly string[] =>
  plainRoutes({ routes })
    .filter((route) => !("document" in route && route.document === "page"))
    .map(({ path }) => `${url}${path}`);

/** The pages for people: the start page of this machine, and the page of the API if a route has it. */
const inBrowser = ({ routes }: Pick<AnyApplication<unknown>, "routes">, url: string): string => {
  const page = routes.find((route) => "document" in route && route.document === "page");
  const start = `In a browser: ${url}/_local/ shows what runs and what needs attention`;
  return page === undefined ? start : `${start}, ${url}${page.path} is the API`;
};

const requests =
  (application: Pick<AnyApplication<unknown>, "routes">) =>
  (url: string): string => {
    const commands = application.routes.filter((route) => "command" in route).slice(0, commandsMax);
    return `
Send a command (in another shell). The answer 202 means that its events are stored:

${commands.map((route) => curlOf(url, route)).join("\n")}

${inBrowser(application, url)}.
Also: ${[...pagesOf(application, url), `${url}/_local/resources`, `${url}/_local/calls`].join("\n      ")}
Ctrl-C stops everything.

`;
  };

/** The application's own guide, or one made from its routes. */
export const guideOf = <Services>({
  application: { routes },
  technologies: { guide },
}: Pick<Project<Services>, "application" | "technologies">): ((url: string) => string) =>
  guide ?? requests({ routes });
