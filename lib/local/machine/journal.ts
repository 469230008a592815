/**
 * The durable state of the local cloud: named maps in one file of JSON lines. A change is written synchronously before
 * the call returns, so a kill -9 of the process loses nothing that was acknowledged. The file is rewritten without
 * outdated lines when it is opened and when it has grown much. A kill may leave an incomplete last line, which is
 * dropped. Any other unreadable line is an error.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";

/** A map whose changes are durable. Values are JSON. Replace a value as a whole and never modify it in place. */
export type DurableMap<Value> = {
  readonly get: (key: string) => Value | undefined;
  readonly set: (key: string, value: Value) => void;
  readonly delete: (key: string) => void;
  readonly entries: () => IterableIterator<[string, Value]>;
  readonly size: () => number;
};

export type Journal = {
  /** The map with this name, with its last written values. */
  readonly map: <Value>(name: string) => DurableMap<Value>;
  readonly close: () => void;
};

type Line = readonly [map: string, key: string, value?: unknown];
type Maps = Map<string, Map<string, unknown>>;

/** The file is rewritten when it is larger than this and four times as large as after the last rewrite. */
const bytesMin = 32 * 1024 * 1024;

const lineFeed = 10;

/** Reads line by line from bytes, because the whole file may be longer than a string can be. */
function* linesOf(file: string): Generator<Line> {
  const bytes = readFileSync(file);
  for (let start = 0, number = 1; start < bytes.length; number++) {
    const found = bytes.indexOf(lineFeed, start);
    const end = found < 0 ? bytes.length : found;
    try {
      yield JSON.parse(bytes.toString("utf8", start, end));
    } catch {
      if (end < bytes.length - 1)
        throw new Error(`${file} is corrupt at line ${number}: start with --fresh to empty the data folder`);
    }
    start = end + 1;
  }
}

const read = (file: string): Maps => {
  const maps: Maps = new Map();
  if (!existsSync(file)) return maps;
  for (const [name, key, value] of linesOf(file)) {
    const map = maps.get(name) ?? new Map<string, unknown>();
    if (value === undefined) map.delete(key);
    else map.set(key, value);
    maps.set(name, map);
  }
  return maps;
};

/** Replaces the file with a new one that has only current values, and keeps it open for appending. */
const rewrite = (file: string, maps: Maps): number => {
  const descriptor = openSync(`${file}.new`, "w");
  for (const [name, map] of maps)
    for (const [key, value] of map) writeFileSync(descriptor, `${JSON.stringify([name, key, value])}\n`);
  closeSync(descriptor);
  renameSync(`${file}.new`, file);
  return openSync(file, "a");
};

/** Appends a whole line or nothing. A part of a line, as a full disk leaves it, would corrupt the next line. */
const append = (descriptor: number, line: string, bytesBefore: number) => {
  try {
    writeFileSync(descriptor, line);
  } catch (fault) {
    ftruncateSync(descriptor, bytesBefore);
    throw fault;
  }
};

/** Without a file, the data are lost when the process ends. */
export const openJournal = (file: string | undefined): Journal => {
  const maps = file ? read(file) : new Map<string, Map<string, unknown>>();
  let descriptor = file ? rewrite(file, maps) : undefined;
  let bytes = descriptor === undefined ? 0 : fstatSync(descriptor).size;
  let bytesAtRewrite = bytes;

  const write = (line: Line) => {
    if (descriptor === undefined) return;
    const text = `${JSON.stringify(line)}\n`;
    append(descriptor, text, bytes);
    bytes += Buffer.byteLength(text);
  };

  const rewriteIfLarge = () => {
    if (!file || descriptor === undefined || bytes < bytesMin || bytes < 4 * bytesAtRewrite) return;
    closeSync(descriptor);
    descriptor = rewrite(file, maps);
    bytes = fstatSync(descriptor).size;
    bytesAtRewrite = bytes;
  };

  return {
    map: <Value>(name: string): DurableMap<Value> => {
      // The values under a name were all written by the map of that name.
      const map = (maps.get(name) ?? new Map()) as Map<string, Value>;
      maps.set(name, map);
      return {
        get: (key) => map.get(key),
        set: (key, value) => {
          write([name, key, value]);
          map.set(key, value);
          rewriteIfLarge();
        },
        delete: (key) => {
          if (!map.has(key)) return;
          write([name, key]);
          map.delete(key);
          rewriteIfLarge();
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
