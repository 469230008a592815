/** What must hold in every world at rest, whatever happened before. */
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { memoryParked } from "../../lib/adapters/memory/parked.ts";
import { memoryReadModels } from "../../lib/adapters/memory/read-models.ts";
import { positionOf } from "../../lib/model/sagas/position.ts";
import { type Commit, lastVersionOf } from "../../lib/ports/event-store.ts";
import type { StoredRow } from "../../lib/ports/read-models.ts";
import { projector } from "../../lib/runtime/projections/project.ts";
import { instanceStatusOf, listedStatusOf } from "../../lib/runtime/sagas/instance-status.ts";
import { recordedEvents } from "../../lib/runtime/streams/recorded.ts";
import type { World } from "./world.ts";

const repeated = (ids: readonly string[]): readonly string[] =>
  ids.filter((id, index) => ids.indexOf(id) !== index);

const streamsOf = (commits: readonly Commit[]): ReadonlyMap<string, readonly Commit[]> => {
  const streams = new Map<string, Commit[]>();
  for (const commit of commits)
    streams.set(commit.streamId, [...(streams.get(commit.streamId) ?? []), commit]);
  return streams;
};

const ofStreams = ({ store }: World): readonly string[] =>
  [...streamsOf(store.log())].flatMap(([streamId, commits]) => {
    const gaps = commits.filter(({ version }, index) => {
      const before = commits[index - 1];
      return version !== (before ? lastVersionOf(before) + 1 : 1);
    });
    return [
      ...gaps.map(({ version }) => `${streamId} has a gap before ${version}`),
      ...repeated(commits.map(({ id }) => id)).map((id) => `${streamId} has answered ${id} twice`),
    ];
  });

const ofBus = ({ store, published }: World): readonly string[] =>
  store
    .log()
    .flatMap(recordedEvents)
    .filter(({ metadata }) => !published.has(metadata.id))
    .map(({ metadata }) => `${metadata.id} has never reached the bus`);

/** The rows by their keys, without the number of writes. */
const contents = (rows: readonly StoredRow[]) =>
  rows
    .map(({ key, row, checkpoints }) => JSON.stringify([key, row, Object.entries(checkpoints).toSorted()]))
    .toSorted();

/** Read models must equal a rebuild from all commits in order. */
const ofReadModels = async ({ store, readModels, application }: World): Promise<readonly string[]> => {
  const { projections } = application;
  const rebuilt = memoryReadModels(projections);
  const ports = {
    store,
    readModels: rebuilt,
    parked: memoryParked(),
    clock: () => new Date(0),
    log: memoryLog(),
  };
  for (const commit of store.log())
    await projector(projections, ports)([{ id: commit.id, kind: "commit", commit }]);
  return projections.flatMap(({ name }) => {
    const [expected, found] = [contents(rebuilt.all(name)), contents(readModels.all(name))];
    return JSON.stringify(expected) === JSON.stringify(found)
      ? []
      : [`${name} is not the fold of its events: ${found} instead of ${expected}`];
  });
};

const ofSagas = async ({ instances, application }: World): Promise<readonly string[]> =>
  (await instances()).flatMap((item) => {
    const { id, history, parked } = item;
    const twice = repeated(history.map(({ metadata }) => metadata.id)).map(
      (event) => `${id} notes ${event} twice`,
    );
    const saga = application.sagas.find(({ name }) => id.startsWith(`${name}/`));
    const position = saga && positionOf(saga, item);
    if (!position) return [...twice, `${id} has never started`];
    const { kind } = position.status;
    const isAtRest = ["completed", "compensated", "parked"].includes(kind) || parked !== undefined;
    return isAtRest ? twice : [...twice, `${id} is ${kind}`];
  });

/**
 * The listed status of each instance must follow from its history, even if several processes wrote it or one of them
 * died.
 */
const ofLists = async ({ instances, application }: World): Promise<readonly string[]> =>
  (await instances()).flatMap((item) => {
    const saga = application.sagas.find(({ name }) => item.id.startsWith(`${name}/`));
    const instanceStatus = saga && instanceStatusOf(saga, item);
    if (!instanceStatus) return [];
    const { kind } = listedStatusOf(instanceStatus);
    const listed = item.listedStatus?.kind;
    return listed === kind ? [] : [`${item.id} is ${kind} and listed as ${listed}`];
  });

const ofProjections = async ({ parked }: World): Promise<readonly string[]> =>
  (await parked.list()).map(
    ({ consumer, streamId, error }) => `${consumer} has parked ${streamId}: ${error}`,
  );

/** The rules that do not hold. */
export const problemsOf = async (world: World): Promise<readonly string[]> => [
  ...ofStreams(world),
  ...ofBus(world),
  ...(await ofReadModels(world)),
  ...(await ofSagas(world)),
  ...(await ofLists(world)),
  ...(await ofProjections(world)),
];
