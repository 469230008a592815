/**
 * The language in which a team writes its business: types and pure functions, without AWS. Everything else has its
 * own module: `eventfold/testing`, `eventfold/deploy`, `eventfold/constructs`, `eventfold/adapters/…`,
 * `eventfold/ports/…`, `eventfold/mailer` and `eventfold/local`.
 */
export type { AnyApplication, Application } from "./model/application.ts";
export {
  type Actor,
  type Context,
  type Decider,
  decide,
  fold,
  type Rejection,
  type RejectionKind,
  reject,
} from "./model/decider.ts";
export type { DeliveryPolicy } from "./model/delivery/delivery-policy.ts";
export type { Effect, Tools } from "./model/effect.ts";
export {
  drop,
  lift,
  type OldVersion,
  old,
  type Part,
  part,
  type Recorded,
  split,
  today,
  type Upcast,
  type Version,
} from "./model/events/past.ts";
export { type Fact, fact } from "./model/http/fact.ts";
export { escaped } from "./model/http/html.ts";
export type { Route } from "./model/http/route.ts";
export type { Command, Metadata, RecordedEvent, SentCommand } from "./model/message.ts";
export { evolveRow, type Index, type Projection, type Row } from "./model/projection.ts";
export {
  type CommandReference,
  command,
  type EventBy,
  type EventReference,
  event,
} from "./model/reference.ts";
export { fromOutside, type Outcome, type Reason, type Saga, type Step, sending } from "./model/saga.ts";
export { reasonCode } from "./model/sagas/reason-code.ts";
export type { Translator } from "./model/translator.ts";
export { validate } from "./model/validation/validate.ts";
