/**
 * Diagrams of an application. The flow shows the commands sent to each stream, what its events trigger, and who reads it.
 * Which events follow from a command is decided by code, so it is not shown.
 */
import type { AnyApplication } from "../../model/application.ts";
import type { CommandRoute, Route } from "../../model/http/route.ts";
import type { CommandReference, EventReference } from "../../model/reference.ts";
import type { AnySaga } from "../../model/saga.ts";
import type { AnyTranslator } from "../../model/translator.ts";
import { type Arrow, type Box, end, flowchart, lines, type Picture } from "./mermaid.ts";

const stream = (name: string): Box => ({ kind: "stream", name });

/** An arrow between a sender or consumer and a stream. */
const sent = (from: Box, { type, decider }: CommandReference, words = ""): Arrow => ({
  from,
  to: stream(decider),
  text: `${words}${type}`,
});
const recorded = (to: Box, { type, decider }: EventReference): Arrow => ({
  from: stream(decider),
  to,
  text: type,
});

const ofCommandRoute = ({ method, path, command }: CommandRoute): Picture => {
  const route: Box = { kind: "route", name: `${method} ${path}` };
  return { boxes: [route], arrows: [sent(route, command)] };
};

/** Routes that read the same source share a box. */
const ofReading = (source: Box, routes: readonly Route[]): Picture => {
  if (routes.length === 0) return { boxes: [], arrows: [] };
  const text = lines(routes.map(({ method, path }) => `${method} ${path}`));
  const answers: Box = { kind: "route", name: `reads ${source.kind} ${source.name}`, text };
  return { boxes: [answers], arrows: [{ from: source, to: answers, dotted: true }] };
};

const ofDecider = ({ name }: { readonly name: string }, routes: readonly Route[]): readonly Picture[] => [
  { boxes: [stream(name)], arrows: [] },
  ofReading(
    stream(name),
    routes.filter((route) => "history" in route && route.history.name === name),
  ),
];

const ofProjection = (
  { name, sources, on }: AnyApplication["projections"][number],
  routes: readonly Route[],
): readonly Picture[] => {
  const projection: Box = { kind: "projection", name };
  const readsIt = (route: Route) =>
    ("query" in route && route.query.name === name) || ("list" in route && route.list.name === name);
  const arrows = sources.flatMap(({ name: decider, events }) =>
    Object.keys(on)
      .filter((type) => Object.hasOwn(events, type))
      .map((text) => ({ from: stream(decider), to: projection, text, dotted: true as const })),
  );
  return [{ boxes: [projection], arrows }, ofReading(projection, routes.filter(readsIt))];
};

const ofEffect = ({ name, on, answers }: AnyApplication["effects"][number]): Picture => {
  const effect: Box = { kind: "effect", name };
  return {
    boxes: [effect],
    arrows: [recorded(effect, on), ...answers.map((answer) => sent(effect, answer))],
  };
};

const ofSaga = (
  { name, startsOn, steps, completes, abandons }: AnySaga,
  routes: readonly Route[],
): readonly Picture[] => {
  const saga: Box = { kind: "saga", name };
  return [
    {
      boxes: [saga],
      arrows: [
        recorded(saga, startsOn),
        ...steps.map(({ send }, index) => sent(saga, send.command, `${index + 1} `)),
        sent(saga, completes.command, `${steps.length + 1} `),
        ...steps.flatMap(({ undo }) => (undo ? [sent(saga, undo.command, "undo: ")] : [])),
        sent(saga, abandons.command, "after all undos: "),
        ...steps.flatMap(({ succeeds, fails }) =>
          [...succeeds, ...fails].map((outcome) => recorded(saga, outcome)),
        ),
      ],
    },
    ofReading(
      saga,
      routes.filter((route) => "sagas" in route && route.method === "GET"),
    ),
  ];
};

const ofTranslator = ({ name, source, type, send }: AnyTranslator): Picture => {
  const translator: Box = { kind: "translator", name };
  const other: Box = { kind: "source", name: source };
  return {
    boxes: [other, translator],
    arrows: [{ from: other, to: translator, text: type }, sent(translator, send.command)],
  };
};

/** Routes, other systems, streams and consumers. The label of an arrow names the messages that it carries. */
export const toFlow = <Services>(application: AnyApplication<Services>): string => {
  const { deciders, projections, effects, sagas, translators = [], routes } = application;
  const pictures = [
    ...routes.filter((route) => "command" in route).map(ofCommandRoute),
    ...translators.map(ofTranslator),
    ...deciders.flatMap((each) => ofDecider(each, routes)),
    ...sagas.flatMap((each) => ofSaga(each, routes)),
    ...effects.map(ofEffect),
    ...projections.flatMap((each) => ofProjection(each, routes)),
  ];
  return flowchart("LR", {
    boxes: pictures.flatMap(({ boxes }) => boxes),
    arrows: pictures.flatMap(({ arrows }) => arrows),
  });
};

/** The steps in order, and from each step the way to its compensation. */
export const toSagaDiagram = ({ startsOn, steps, completes, abandons }: AnySaga): string => {
  const pivot = steps.findIndex((step) => step.pivot);
  const last = pivot >= 0 ? pivot : steps.length - 1;
  const task = (name: string, title: string, { type, decider }: CommandReference, more = ""): Box => ({
    kind: "task",
    name,
    text: lines([title, `${type} to ${decider}`, more].filter((text) => text !== "")),
  });
  const start: Box = { kind: "route", name: "start", text: startsOn.type };
  const forward = steps.map(({ name, send, timeoutSeconds, pivot: isPivot, onlyIf }, index) =>
    task(
      name,
      `${index + 1} ${name}${onlyIf ? ", optional" : ""}`,
      send.command,
      `within ${timeoutSeconds} s${isPivot ? ", point of no return" : ""}`,
    ),
  );
  const complete = task("complete", `${steps.length + 1} complete`, completes.command);
  const abandon = task("abandon", "abandon", abandons.command);
  const undos = steps
    .slice(0, last + 1)
    .map(({ name, undo }) => undo && task(`undo ${name}`, `undo ${name}`, undo.command));
  /** The next compensation after a failure of this step: its own undo, or the nearest earlier one. */
  const compensationFrom = (index: number): Box =>
    undos.slice(0, index + 1).findLast((undo) => undo) ?? abandon;
  const failing = (from: Box, index: number, fails: readonly EventReference[]): Arrow =>
    index <= last
      ? {
          from,
          to: compensationFrom(index),
          text: lines([...fails.map(({ type }) => type), "rejected", "timed out"]),
          dotted: true,
        }
      : { from, to: from, text: lines(["timed out: retry", "otherwise: parked"]), dotted: true };
  const way = [...forward, complete, end("completed")];
  const arrows = [
    { from: start, to: way[0] ?? complete },
    ...steps.flatMap(({ succeeds, fails }, index): readonly Arrow[] => {
      const [from, to] = [forward[index], way[index + 1]];
      if (!from || !to) return [];
      return [{ from, to, text: lines(succeeds.map(({ type }) => type)) }, failing(from, index, fails)];
    }),
    { from: complete, to: end("completed") },
    failing(complete, pivot >= 0 ? steps.length : last, []),
    ...undos.flatMap((from, index): readonly Arrow[] =>
      from ? [{ from, to: compensationFrom(index - 1) }] : [],
    ),
    { from: abandon, to: end("compensated") },
  ];
  const boxes = [start, ...way, ...undos.flatMap((undo) => undo ?? []), abandon, end("compensated")];
  return flowchart("TB", { boxes, arrows });
};
