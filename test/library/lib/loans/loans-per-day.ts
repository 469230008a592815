/**
 * The number of books that were lent and returned on each day (UTC). A row counts events of many loans, whose order
 * is not known, so each event only adds to a number.
 */
import type { Projection, RecordedEvent } from "eventfold";
import * as z from "zod";
import { loan } from "./loan.ts";

const row = z.object({ day: z.iso.date(), lent: z.int(), returned: z.int() });

type Row = z.output<typeof row>;

const dayOf = ({ metadata }: RecordedEvent): string => metadata.recordedAt.slice(0, "2026-01-01".length);

const counts = (change: { readonly lent: number; readonly returned: number }) => ({
  key: dayOf,
  evolve: (before: Row | undefined, event: RecordedEvent): Row => ({
    day: dayOf(event),
    lent: (before?.lent ?? 0) + change.lent,
    returned: (before?.returned ?? 0) + change.returned,
  }),
});

export const loansPerDay: Projection<typeof row, typeof loan> = {
  name: "loans-per-day",
  row,
  sources: [loan],
  on: {
    LoanConfirmed: counts({ lent: 1, returned: 0 }),
    BookReturned: counts({ lent: 0, returned: 1 }),
  },
  indexes: { newest: { newestFirst: "day" } },
};
