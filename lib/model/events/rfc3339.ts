/** Times in the format of RFC 3339. JavaScript's parser accepts other formats, and rejects some of these. */

const form =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))T((?:[01]\d|2[0-3]):[0-5]\d):([0-5]\d|60)(\.\d+)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** A leap second is the last second of a month in UTC. */
const endsMonth = (minute: number): boolean => {
  const next = new Date(minute + 60_000);
  return next.getUTCDate() === 1 && next.getUTCHours() === 0 && next.getUTCMinutes() === 0;
};

/**
 * The time in a form that every parser of ISO 8601 accepts: with a capital T and Z, and with the last millisecond
 * before a leap second instead of the leap second. Otherwise the text is unchanged. Undefined if it is not a time
 * of RFC 3339.
 */
export const rfc3339Time = (text: string): string | undefined => {
  const time = text.toUpperCase();
  const [, date, minute, second, , offset] = form.exec(time) ?? [];
  if (date === undefined) return undefined;
  if (new Date(`${date}T00:00:00Z`).getUTCDate() !== Number(date.slice(-2))) return undefined;
  if (second !== "60") return time;
  return endsMonth(Date.parse(`${date}T${minute}:00${offset}`))
    ? `${date}T${minute}:59.999${offset}`
    : undefined;
};
