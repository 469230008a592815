/**
 * An application in the cloud:
 *
 *   HTTP ── command ──▶ events ──stream──▶ project ──▶ read models ──▶ query ── HTTP
 *                                    └───▶ relay ────▶ bus ──▶ queue ──▶ perform (each effect)
 *                       read models ◀── repair ◀── queue ◀──┤   (replays of an archive)
 *                                                       └────▶ queue ──▶ react ──▶ engine ──▶ task (each saga),
 *                                                                        or choreograph
 *                     events ◀── translate (each translator) ◀── queue ◀── bus ◀── other systems
 *
 * All of it is derived from the application value. The technologies are an argument.
 */

import { CfnOutput, Fn, Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import { type AnyApplication, routesOf } from "../model/application.ts";
import { interestOfEffect, interestOfSaga } from "../model/delivery/interest.ts";
import { storedTypes } from "../model/events/past.ts";
import { callersVariable, guardVariable } from "../model/http/guard.ts";
import { asStored } from "../model/names/as-stored.ts";
import type { AnyProjection } from "../model/projection.ts";
import { logicalName } from "../model/validation/made-names.ts";
import { operateOutput, watchApplication } from "./alarms/alarms.ts";
import { EffectResources } from "./effect.ts";
import { ApplicationFunction, type Deployment } from "./function.ts";
import { countsAs, type Guard } from "./http-api/guard.ts";
import { HttpApi } from "./http-api/http-api.ts";
import type { Throttle } from "./http-api/throttle.ts";
import { Inspection } from "./inspection.ts";
import type { SubscribedInterest, Technologies } from "./ports.ts";
import { SagaResources } from "./saga.ts";
import { services } from "./services.ts";
import { StreamConsumers } from "./stream-consumers.ts";
import { Subscription } from "./subscription.ts";
import { TranslatorResources } from "./translator.ts";

/** The application, its technologies and its code. */
export type EventSourcedApplicationOptions<Services> = {
  readonly application: AnyApplication<Services>;
  readonly technologies: Technologies<Services>;
  /** The code of each role's function. */
  readonly code: Deployment["code"];
  /** Functions write no lines below this level. Default: `info`. */
  readonly logLevel?: Deployment["logLevel"];
  /** Default: `off`. */
  readonly tracing?: Deployment["tracing"];
  readonly guard: Guard;
  /** The origins whose pages may call the API from a browser. Default: none. */
  readonly origins?: readonly string[];
  /** How many requests the API takes. Default: the limits of the account. */
  readonly throttle?: Throttle;
};

const subscriptionsIn = (...scopes: readonly Construct[]): readonly Subscription[] =>
  scopes.flatMap(({ node }) => node.findAll()).filter((each) => each instanceof Subscription);

/** A replay of an archive may reach read models only, so that effects and sagas do not run twice. */
const replaysFor = (projections: readonly AnyProjection[]): SubscribedInterest => ({
  categories: [...new Set(projections.flatMap(({ sources }) => sources.map(({ name }) => name)))],
  eventTypes: [
    ...new Set(
      projections.flatMap(({ on, sources }) =>
        Object.keys(on).flatMap((type) => sources.flatMap(({ past = [] }) => storedTypes(past, type))),
      ),
    ),
  ],
  replayed: true,
});

/** All resources of an application. The application must be valid: see `validate`. */
export class EventSourcedApplication<Services> extends Construct {
  constructor(scope: Construct, id: string, options: EventSourcedApplicationOptions<Services>) {
    super(scope, id);
    const { technologies, guard, origins = [], throttle } = options;
    const application = asStored(options.application);
    const { code, logLevel = "info", tracing = "off" } = options;
    const deployment: Deployment = { code, logLevel, tracing };
    const { name, deciders, projections, effects, sagas, translators = [] } = application;
    const { system, bus: busOf } = technologies;

    const namespace = `eventfold/${Stack.of(this).stackName}`;
    const common = system({ namespace });

    const storage = technologies.storage(new Construct(this, "Storage"), projections);
    const { events, readModels, instances, idempotencyKeys, parked } = storage;
    const bus = busOf(this, { source: name });
    const servicesOf = services(new Construct(this, "Services"), options.application, technologies);

    const callers = { environment: { [callersVariable]: countsAs(guard) }, statements: [] };
    const command = new ApplicationFunction(this, "Command", {
      role: "command",
      deployment,
      bindings: [common, events.append, idempotencyKeys.mark, callers],
    });
    const query = new ApplicationFunction(this, "Query", {
      role: "query",
      deployment,
      bindings: [
        common,
        events.read,
        readModels.query,
        instances.read,
        instances.list,
        callers,
        { environment: { [guardVariable]: guard.kind }, statements: [] },
      ],
    });
    const consumers = new StreamConsumers(this, "Stream", {
      deployment,
      events,
      project: [common, events.read, readModels.project, parked.park],
      relay: [common, bus.publish, parked.park, ...(bus.keepsOrder ? [events.read] : [])],
    });

    if (bus.keepsArchive)
      new Subscription(this, "Repair", {
        role: "repair",
        deployment,
        handler: "repair",
        bus,
        interest: replaysFor(projections),
        bindings: [common, events.read, readModels.project, parked.park],
      });

    const effectScope = new Construct(this, "Effects");
    for (const effect of effects)
      new EffectResources(effectScope, logicalName(effect.name), {
        effect,
        interest: interestOfEffect(effect, deciders),
        deployment,
        storage,
        bus,
        services: servicesOf(effect),
        purpose: system({ namespace, effect: effect.name }),
      });
    const sagaScope = new Construct(this, "Sagas");
    const sagaResources = sagas.map((saga) => {
      const purpose = system({ namespace, saga: saga.name });
      const interest = interestOfSaga(saga, deciders);
      const options = {
        saga,
        interest,
        deployment,
        storage,
        bus,
        engines: technologies.sagas(saga),
        purpose,
      };
      return new SagaResources(sagaScope, logicalName(saga.name), options);
    });
    const resumeSagas = sagaResources.flatMap(({ resume }) => resume);
    const continueSagas = sagaResources.flatMap(({ continues }) => continues);

    const translatorScope = new Construct(this, "Translators");
    for (const translator of translators)
      new TranslatorResources(translatorScope, logicalName(translator.name), {
        translator,
        deployment,
        storage,
        bus,
        purpose: system({ namespace, translator: translator.name }),
      });

    const resume = new ApplicationFunction(this, "Resume", {
      role: "resume",
      deployment,
      bindings: [
        common,
        events.append,
        instances.append,
        idempotencyKeys.mark,
        callers,
        ...resumeSagas,
        ...continueSagas,
      ],
    });
    const routes = routesOf(application);
    const api = new HttpApi(this, "Http", {
      name,
      routes,
      access: application.access,
      guard,
      origins,
      throttle,
      command,
      query,
      resume,
    });

    if (sagas.length > 0)
      new Inspection(this, "Inspect", {
        role: "inspect",
        deployment,
        bindings: [common, instances.list, instances.append, ...continueSagas],
      });

    const operate = new ApplicationFunction(this, "Operate", {
      role: "operate",
      deployment,
      bindings: [
        common,
        events.append,
        readModels.project,
        parked.redrive,
        instances.append,
        instances.list,
        bus.publish,
        ...(bus.redrive ? [bus.redrive] : []),
        ...resumeSagas,
        storage.ledger.read,
        ...subscriptionsIn(effectScope, sagaScope, translatorScope).map(({ handler, queue }) =>
          technologies.deadLetters(handler, queue),
        ),
      ],
    });

    // arn:…:table/NAME/stream/…
    const eventTable = Fn.select(1, Fn.split("/", events.streamArn));
    watchApplication(this, { namespace, events: eventTable, logGroup: consumers.relayLogs });

    const stack = Stack.of(this);
    new CfnOutput(stack, "ApiUrl", { value: api.url });
    new CfnOutput(stack, operateOutput, { value: operate.name });
    new CfnOutput(stack, "FailureBucket", { value: consumers.failures.bucketName });
  }
}
