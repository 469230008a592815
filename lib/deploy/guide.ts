/** The text that `npm start` prints for an application without its own guide: a curl line for its first commands. */
import { sending } from "../compile/openapi/curl.ts";
import { exampleOf } from "../compile/schemas/example.ts";
import { inputSchema, type Schema, withoutFields } from "../compile/schemas/schemas.ts";
import { type Application, type CommandRoute, parametersOf } from "../model/application.ts";
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

const pagesOf = ({ routes }: Pick<Application<unknown>, "routes">, url: string): readonly string[] =>
  routes
    .filter(({ method, path }) => method === "GET" && parametersOf(path).length === 0)
    .map(({ path }) => `${url}${path}`);

const requests =
  (application: Pick<Application<unknown>, "routes">) =>
  (url: string): string => {
    const commands = application.routes.filter((route) => "command" in route).slice(0, commandsMax);
    return `
Send a command (in another shell). The answer 202 means that its events are stored:

${commands.map((route) => curlOf(url, route)).join("\n")}

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
