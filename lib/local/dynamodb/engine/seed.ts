/**
 * The file that the engine starts with. It has the engine's own table of stream records, still empty, with an index on
 * the sequence numbers and a trigger that keeps the newest 20,000 records of each table. The engine looks up the
 * highest sequence number at each write. Without the index, every write is slower than the one before.
 */
import { existsSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/**
 * A SQLite file, compressed. Beside the table `_stream_records` as the engine makes it, it holds
 *
 *   CREATE INDEX _sr_seq ON _stream_records(table_name, CAST(sequence_number AS INTEGER));
 *   CREATE TRIGGER _sr_trim AFTER INSERT ON _stream_records WHEN NEW.id % 1000 = 0 BEGIN
 *     DELETE FROM _stream_records WHERE table_name = NEW.table_name
 *       AND CAST(sequence_number AS INTEGER) <= CAST(NEW.sequence_number AS INTEGER) - 20000; END;
 */
const seed = `
H4sIAAAAAAACA+3XQW8SQRQH8NlCxJC2aeKhh8bkXUwgYLPqwYOSuIUpboShLtO0nDZbdqSj7BJmF22PVj+Vn6Sfws9ggCJlQ+zFE/n/bjPvvdk3M8km0/3Y0qmiTyMTBSm9YnvMstg7IsZYjjGWZ0vZscUelmOHfWtnWrh9y3Z/7V7u/N6+ZQAAAAAAAP/RzZN84eBp5fEPnRo9GCjjJ8ZPjY78JDUqiHyj+iMTJnWPO5KT9Nxmk3u0yCLnWHKPXNHlnqSOoEwZnb3nggQ/O9QhPaMXtm1TjWw64k1XFIkavMUlp2Ov015X6nFKg4uh8uMgUlSbLXRvwhENqjtdWUrUeKLivvLjSXShDDldcoXkTe6V6W1tnjOt/Vfec3pp27b9pshF4ypX2D+oWN9f6zhUV9PNJmqc6S9/dySuaPBzustZcwSlZcPVB7stn2w92q9UrN6sKBkPdar8RX5mmFvciXPU4pQJlmbfS9S4fFO3CtMlf9bmjax2lxlurayZvZGSDhed0onnth2vRx94j5xT2XFF3eNtLmT1/pVJfi5JdCSJ01arSuqritO1kS/qOvE/J6M4G4jVN19HwWBeUaXRMFwZZw8zU55cBib0dZid7xsVpCr0g/TvjpbBSaKMr0MVpzq9nlWWp29ztof/BQAAAAAAAMAmw/sfAAAAAAAAYPMV8f4HAAAAAAAA2Hh/AC2zm2gAQAAA
`;

/** Does not change an existing file. */
export const seedFile = (file: string): void => {
  if (!existsSync(file)) writeFileSync(file, gunzipSync(Buffer.from(seed, "base64")));
};
