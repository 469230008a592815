/**
 * What the local cloud must not forget: named maps, kept in one file of JSON lines. A change is in the
 * file, by a synchronous write, before the call returns, so nothing acknowledged is lost by a kill -9 of
 * the process. The file is rewritten without what is dead when it is opened and when it has grown much.
 * The last line may be torn by a kill and is then dropped; any other unreadable line is corruption.
 */
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";

/** A map whose changes survive. Values are JSON and are replaced whole: never change one in place. */
export type DurableMap<Value> = {
  readonly get: (key: string) => Value | undefined;
  readonly set: (key: string, value: Value) => void;
  readonly delete: (key: string) => void;
  readonly entries: () => IterableIterator<[string, Value]>;
  readonly size: () => number;
};

export type Journal = {
  /** The map of this name, with what it held when the file was last written. */
  readonly map: <Value>(name: string) => DurableMap<Value>;
  readonly close: () => void;
};

type Line = readonly [map: string, key: string, value?: unknown];

/** Rewritten when it holds this many lines, and ten times as many as are alive. */
const linesMin = 50_000;

const read = (file: string): readonly Line[] => {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  const last = lines.findLastIndex((line) => line !== "");
  return lines.flatMap((line, index): Line[] => {
    if (line === "") return [];
    try {
      return [JSON.parse(line)];
    } catch {
      if (index === last) return [];
      throw new Error(`${file} is corrupt at line ${index + 1}: start with --fresh to empty the folder`);
    }
  });
};

/** Without a file it forgets all at its end. */
export const openJournal = (file: string | undefined): Journal => {
  const maps = new Map<string, Map<string, unknown>>();
  const mapOf = (name: string) => {
    const known = maps.get(name) ?? new Map<string, unknown>();
    maps.set(name, known);
    return known;
  };
  for (const [name, key, value] of file ? read(file) : [])
    if (value === undefined) mapOf(name).delete(key);
    else mapOf(name).set(key, value);

  let descriptor: number | undefined;
  let lines = 0;
  let alive = 0;

  const rewrite = () => {
    if (!file) return;
    const all = [...maps].flatMap(([name, map]) =>
      [...map].map(([key, value]) => `${JSON.stringify([name, key, value])}\n`),
    );
    writeFileSync(`${file}.new`, all.join(""));
    if (descriptor !== undefined) closeSync(descriptor);
    renameSync(`${file}.new`, file);
    descriptor = openSync(file, "a");
    lines = all.length;
    alive = all.length;
  };
  rewrite();

  const append = (line: Line) => {
    if (descriptor === undefined) return;
    writeSync(descriptor, `${JSON.stringify(line)}\n`);
    lines += 1;
    if (lines > linesMin && lines > 10 * alive) rewrite();
  };

  return {
    map: <Value>(name: string): DurableMap<Value> => {
      // The file holds under a name only what was set by the map of that name.
      const map = mapOf(name) as Map<string, Value>;
      return {
        get: (key) => map.get(key),
        set: (key, value) => {
          if (!map.has(key)) alive += 1;
          map.set(key, value);
          append([name, key, value]);
        },
        delete: (key) => {
          if (!map.delete(key)) return;
          alive -= 1;
          append([name, key]);
        },
        entries: () => map.entries(),
        size: () => map.size,
      };
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
};
