/** A saga that is played, with the application around it. */
import type { AnyApplication } from "../../../lib/model/application.ts";
import type { Command, RecordedEvent } from "../../../lib/model/message.ts";
import type { AnySaga } from "../../../lib/model/saga.ts";
import type { Between } from "../between.ts";
import type { Delivery } from "../delivery.ts";
import type { MakeEngine } from "../engines.ts";
import type { World } from "../world.ts";

/** The end of a saga that is not parked. */
export type End = "completed" | "compensated";

export type SubjectWorld = World & {
  /** What is wrong at this end, according to read models and outside systems. */
  readonly imbalances: (end: End) => Promise<readonly string[]>;
};

/** The same application with one part changed. */
export type Change = <Services>(application: AnyApplication<Services>) => AnyApplication<Services>;

export type Subject = {
  /** Names the saga and the kind of instance: `checkout at 50`. */
  readonly name: string;
  readonly application: AnyApplication;
  readonly saga: AnySaga;
  /** The instance that is played. */
  readonly id: string;
  /** The commands before the start. They are played until the world is at rest. */
  readonly before: readonly Command[];
  /** Emits the event that starts the saga. */
  readonly start: Command;
  /** A command that a person may send at any time. It makes the saga compensate unless it comes too late. */
  readonly cancellation?: Command;
  readonly world: (
    makeEngine: MakeEngine,
    delivery: Delivery,
    options: { readonly change: Change; readonly between: Partial<Between> },
  ) => SubjectWorld;
  /** What is wrong at this end, according to the events of all streams. */
  readonly imbalancesOf: (events: readonly RecordedEvent[], end: End) => readonly string[];
};

type Figures = Readonly<Record<string, unknown>>;

/** The figures that differ from the expected figures. */
export const differences = (end: string, expected: Figures, found: Figures): readonly string[] =>
  Object.entries(expected).flatMap(([what, value]) => {
    const [is, should] = [JSON.stringify(found[what]), JSON.stringify(value)];
    return is === should ? [] : [`${end}, but ${what}: ${is} instead of ${should}`];
  });
