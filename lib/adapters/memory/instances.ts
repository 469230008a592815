/** The reference implementation of saga instances. */
import type { RecordedEvent } from "../../model/message.ts";
import { onceFor } from "../../model/once-for.ts";
import {
  type InstanceItem,
  type Instances,
  type ListedStatus,
  unknownInstance,
} from "../../ports/instances.ts";
import { PermanentError } from "../../ports/permanent-error.ts";

/** The position of an instance in a list. */
type Place = { readonly at: string; readonly id: string };

/** Compares bytes, as databases do. `<` compares UTF-16 and would order some emoji differently. */
const compareTexts = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

const isLater = (one: Place, other: Place): boolean =>
  (compareTexts(one.at, other.at) || compareTexts(one.id, other.id)) > 0;

const toCursor = (kind: ListedStatus["kind"], { at, id }: Place): string =>
  Buffer.from(JSON.stringify([kind, at, id])).toString("base64url");

const fromCursor = (kind: ListedStatus["kind"], text: string): Place | "invalid" => {
  try {
    const [, at, id]: readonly unknown[] = JSON.parse(Buffer.from(text, "base64url").toString());
    if (typeof at !== "string" || typeof id !== "string" || !at || !id) return "invalid";
    return toCursor(kind, { at, id }) === text ? { at, id } : "invalid";
  } catch {
    return "invalid";
  }
};

/** About the limits of a database, so that a test cannot store what the cloud would refuse. */
const bytesMax = { id: 2048, item: 400_000 } as const;

/** The mark must fit beside the history. */
const becauseLengthMax = 2000;

const bytesOf = (value: object): number => Buffer.byteLength(JSON.stringify(value));

/** Cached, because the events of a history stay the same while the item around them changes. */
const bytesOfEvent = onceFor((event: RecordedEvent): number => bytesOf(event));

const bytesOfItem = ({ history, ...rest }: InstanceItem): number =>
  history.reduce((sum, event) => sum + bytesOfEvent(event), bytesOf({ ...rest, history: [] }));

const check = (item: InstanceItem): InstanceItem => {
  const { id } = item;
  if (id === "" || !id.isWellFormed() || Buffer.byteLength(id) > bytesMax.id)
    throw new PermanentError(`"${id.slice(0, 20)}…" cannot be the id of an instance`);
  const bytes = bytesOfItem(item);
  if (bytes > bytesMax.item)
    throw new PermanentError(`${id} has ${bytes} bytes, at most ${bytesMax.item} are allowed`);
  return item;
};

/** Saga instances in memory. */
export const memoryInstances = (): Instances & { readonly ids: () => readonly string[] } => {
  const items = new Map<string, InstanceItem>();
  const of = (id: string): InstanceItem => items.get(id) ?? unknownInstance(id);
  const keep = (item: InstanceItem): InstanceItem => {
    items.set(item.id, check(item));
    return item;
  };

  return {
    ids: () => [...items.keys()],
    read: async (id) => check(of(id)),
    append: async (id, events, { waiting, listedStatus } = {}) => {
      const item = of(id);
      const history = [...item.history];
      for (const event of events)
        if (!history.some(({ metadata }) => metadata.id === event.metadata.id)) history.push(event);
      return keep({ ...item, history, ...(waiting && { waiting }), ...(listedStatus && { listedStatus }) });
    },
    setListedStatus: async (id, listedStatus, count) => {
      const item = of(id);
      if (item.history.length <= count) keep({ ...item, listedStatus });
    },
    park: async (id, parked) => {
      const { parked: _, ...item } = of(id);
      if (!parked) return keep(item);
      return keep({ ...item, parked: { ...parked, because: parked.because.slice(0, becauseLengthMax) } });
    },
    fail: async (id, fault) => {
      const item = items.get(id);
      if (item) keep({ ...item, fault });
    },
    restart: async (id, resumed) => {
      const item = of(id);
      return keep({ ...item, restarts: item.restarts + 1, resumed }).restarts;
    },
    list: async ({ kind, until, limit, from }) => {
      const start = from === undefined ? undefined : fromCursor(kind, from);
      if (start === "invalid") return "invalid";
      const found = [...items.values()]
        .flatMap(({ id, listedStatus }) => (listedStatus?.kind === kind ? [{ id, at: listedStatus.at }] : []))
        .filter(({ at }) => until === undefined || compareTexts(at, until) <= 0)
        .filter((place) => !start || isLater(start, place))
        .toSorted((one, other) => (isLater(one, other) ? -1 : 1));
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      return { ids: page.map(({ id }) => id), ...(last && { next: toCursor(kind, last) }) };
    },
  };
};
