/** Finds the stage and the route for a request. */
import type { HttpApi, Route, Segment, Stage } from "./definition.ts";

export type Matched = {
  readonly stage: Stage;
  readonly route: Route;
  /** Decoded. */
  readonly parameters: Readonly<Record<string, string>>;
};

const ranks = { text: 0, variable: 1, greedy: 2 } as const;

/** The more specific route first, compared segment by segment. For the same path, a method comes before ANY. */
const bySpecificity = (one: Route, other: Route): number => {
  const [ours, theirs] = [one.segments ?? [], other.segments ?? []];
  for (let place = 0; place < Math.max(ours.length, theirs.length); place++) {
    const difference = rankOf(ours[place]) - rankOf(theirs[place]);
    if (difference !== 0) return difference;
  }
  return Number(one.method === "ANY") - Number(other.method === "ANY");
};

const rankOf = (segment: Segment | undefined): number => (segment ? ranks[segment.kind] : 0);

type Parameters = Readonly<Record<string, string>>;

const matchPath = (segments: readonly Segment[], path: readonly string[]): Parameters | undefined => {
  const parameters: Record<string, string> = {};
  for (const [place, segment] of segments.entries()) {
    const given = path[place];
    if (given === undefined || (segment.kind !== "text" && given === "")) return undefined;
    if (segment.kind === "greedy") return { ...parameters, [segment.name]: path.slice(place).join("/") };
    if (segment.kind === "text" && segment.text !== given) return undefined;
    if (segment.kind === "variable") parameters[segment.name] = given;
  }
  return segments.length === path.length ? parameters : undefined;
};

/** The segments of the path are decoded. */
type Router = (method: string, path: readonly string[]) => Matched | undefined;

export const router = ({ stages, routes }: HttpApi): Router => {
  const ordered = routes.filter(({ segments }) => segments).sort(bySpecificity);
  const fallback = routes.find(({ key }) => key === "$default");

  const stageOf = (path: readonly string[]) => {
    const named = stages.find(({ name }) => name === path[0]);
    if (named) return { stage: named, path: path.length > 1 ? path.slice(1) : [""] };
    const stage = stages.find(({ name }) => name === "$default");
    return stage && { stage, path };
  };

  return (method, path) => {
    const staged = stageOf(path);
    if (!staged) return undefined;
    for (const route of ordered) {
      if (route.method !== method && route.method !== "ANY") continue;
      const parameters = matchPath(route.segments ?? [], staged.path);
      if (parameters) return { stage: staged.stage, route, parameters };
    }
    return fallback && { stage: staged.stage, route: fallback, parameters: {} };
  };
};
