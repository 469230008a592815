/** Compares limits of numbers, lengths and counts. To compare another keyword, add a row. */
import type { Schema } from "../../schemas/schemas.ts";
import type { Reason } from "./reason.ts";

type Bound = { readonly value: number; readonly excluded: boolean };

/** For integers, `more than 4` equals `at least 5`. */
const isWhole = ({ type }: Schema): boolean => type === "integer";

const lowerBound = (schema: Schema): Bound => {
  const { minimum = -Infinity, exclusiveMinimum = -Infinity } = schema;
  const least = Number(exclusiveMinimum) + (isWhole(schema) ? 1 : 0);
  const excluded = least >= minimum && least > -Infinity && !isWhole(schema);
  return { value: Math.max(minimum, least), excluded };
};

const upperBound = (schema: Schema): Bound => {
  const { maximum = Infinity, exclusiveMaximum = Infinity } = schema;
  const most = Number(exclusiveMaximum) - (isWhole(schema) ? 1 : 0);
  const excluded = most <= maximum && most < Infinity && !isWhole(schema);
  return { value: Math.min(maximum, most), excluded };
};

const exceeds = (one: Bound, other: Bound, sign: 1 | -1): boolean =>
  one.value === other.value ? one.excluded && !other.excluded : sign * (one.value - other.value) > 0;

const ofNumbers = (path: string, from: Schema, to: Schema): readonly Reason[] => {
  const [least, most] = [lowerBound(to), upperBound(to)];
  return [
    ...(exceeds(least, lowerBound(from), 1)
      ? [
          {
            path,
            narrower: `must be ${least.excluded ? "more than" : "at least"} ${least.value}`,
            wider: `may be ${least.excluded ? "" : "less than "}${least.value}${least.excluded ? " or less" : ""} now`,
          },
        ]
      : []),
    ...(exceeds(most, upperBound(from), -1)
      ? [
          {
            path,
            narrower: `must be ${most.excluded ? "less than" : "at most"} ${most.value}`,
            wider: `may be ${most.excluded ? "" : "more than "}${most.value}${most.excluded ? " or more" : ""} now`,
          },
        ]
      : []),
  ];
};

const counts = [
  { min: "minLength", max: "maxLength", what: "characters" },
  { min: "minItems", max: "maxItems", what: "items" },
  { min: "minProperties", max: "maxProperties", what: "fields" },
] as const;

const numberIn = (schema: Schema, keyword: string, otherwise: number): number => {
  const value = schema[keyword];
  return typeof value === "number" ? value : otherwise;
};

const counted = (count: number, what: string): string =>
  count === 1 ? `1 ${what.slice(0, -1)}` : `${count} ${what}`;

const ofCounts = (path: string, from: Schema, to: Schema): readonly Reason[] =>
  counts.flatMap(({ min, max, what }) => {
    const [least, most] = [numberIn(to, min, 0), numberIn(to, max, Infinity)];
    return [
      ...(least > numberIn(from, min, 0)
        ? [
            {
              path,
              narrower: `must have at least ${counted(least, what)}`,
              wider: `may have fewer than ${counted(least, what)} now`,
            },
          ]
        : []),
      ...(most < numberIn(from, max, Infinity)
        ? [
            {
              path,
              narrower: `must have at most ${counted(most, what)}`,
              wider: `may have more than ${counted(most, what)} now`,
            },
          ]
        : []),
    ];
  });

export const limitKeywords: readonly string[] = [
  "minimum",
  "exclusiveMinimum",
  "maximum",
  "exclusiveMaximum",
  ...counts.flatMap(({ min, max }) => [min, max]),
];

export const ofLimits = (path: string, from: Schema, to: Schema): readonly Reason[] => [
  ...ofNumbers(path, from, to),
  ...ofCounts(path, from, to),
];
