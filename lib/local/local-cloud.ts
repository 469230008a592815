/**
 * The local cloud runs a synthesized CDK app on this machine. It knows CloudFormation and the resource types in
 * `cloudformation/resource-types.ts`, and nothing about the app itself. If it has a data folder, everything that it has
 * acknowledged survives a kill -9.
 */
import { join } from "node:path";
import { callersOf, cloudOf } from "./cloud.ts";
import { readAssembly } from "./cloudformation/assembly.ts";
import { type Stack, stackOf } from "./cloudformation/resources.ts";
import { tables } from "./dynamodb/dynamodb.ts";
import { tableWrites } from "./dynamodb/table-writes.ts";
import { type Credentials, callersByKey, ownerCredentials } from "./gateway/credentials.ts";
import { dispatch } from "./gateway/dispatch.ts";
import { apis, gateway } from "./gateway/gateway.ts";
import { httpApi, type RunFunction } from "./http-api/http-api.ts";
import { access, checkRoles } from "./iam/access.ts";
import { policiesOf } from "./iam/policies.ts";
import { type IssuerFacts, localIssuer } from "./issuer/issuer.ts";
import type { CallApi } from "./lambda/environments/thread.ts";
import { type Functions, functions } from "./lambda/lambda.ts";
import { type Clock, localClock } from "./machine/clock.ts";
import { emptyFolder, journalFile, refuseForeign } from "./machine/data-folder.ts";
import { type Journal, openJournal } from "./machine/journal.ts";
import { type Listener, listen } from "./machine/listener.ts";
import { lock } from "./machine/lock.ts";
import { kafkaMappings } from "./mapping/kafka/kafka-mapping.ts";
import { mqMappings } from "./mapping/mq/mq-mapping.ts";
import { makeProviders } from "./providers.ts";
import { clientServer } from "./server/client-server.ts";
import type { HostPages } from "./server/host-pages.ts";
import { trace } from "./server/trace.ts";
import { calls } from "./service/calls.ts";
import { type Cloud, type Provider, type Report, type Service, ServiceError } from "./service/service.ts";

/** The assembly to run, and where to keep its data. */
export type LocalCloudOptions = {
  /** The folder that the CDK synthesized into. */
  readonly assembly: string;
  /** The id of the stack to run. It is needed only if the folder has more than one stack. */
  readonly stack?: string;
  /** The data folder. Without it, nothing is stored on disk. */
  readonly data?: string;
  /**
   * Empties the data folder first. The folder must be new, empty or made by a local cloud, and no running instance may
   * hold it.
   */
  readonly fresh?: boolean;
  /** Called when this instance holds the folder, before any resource of the template starts. */
  readonly prepare?: () => Promise<void>;
  /**
   * Called when the tables of the template are ready, before anything that reads or writes them. If it rejects, nothing
   * else starts.
   */
  readonly onTables?: (cloud: Cloud) => Promise<void>;
  /** Called when all resources run, before the API answers requests. */
  readonly onRunning?: (cloud: Cloud) => Promise<void>;
  /** The port of the HTTP API. 0 takes any free port. */
  readonly port: number;
  /** The URL of a DynamoDB engine instead of the embedded one. */
  readonly dynamodb?: string;
  /**
   * The brokers to use in place of Amazon MSK, as host:port,host:port. For a Kafka cluster of your own, the template
   * has the brokers.
   */
  readonly kafka?: string;
  /**
   * The URL of the RabbitMQ to use in place of Amazon MQ, with user and password. The virtual host comes from the
   * template.
   */
  readonly amqp?: string;
  /**
   * Issues tokens at `/_local/tokens`. A JWT authorizer of the template must name the issuer `URL/_local`, with the URL of
   * the API.
   */
  readonly tokens?: boolean;
  readonly report: (report: Report) => void;
  /** Pages about the app, beside those of the local cloud. */
  readonly pages?: HostPages;
};

/** A running local cloud. */
export type LocalCloud = Cloud & {
  /** The URL of the HTTP API. */
  readonly url: string;
  /** The URL of the AWS APIs. Sign requests with `ownerCredentials`. */
  readonly endpoint: string;
  readonly ownerCredentials: Credentials;
  /** The outputs of the stack. */
  readonly outputs: Stack["outputs"];
  /** The token issuer of this machine. Undefined without `tokens`. */
  readonly issuer: IssuerFacts | undefined;
  /** The stacks of the assembly that are not run, by id. */
  readonly otherStacks: readonly string[];
  /** Loads the functions that are called first, so that the first request does not wait for a cold start. */
  readonly warm: () => void;
  /** Sets the clock forward. Resolves once the timers that this makes due have run, so two jumps are never one. */
  readonly advance: (seconds: number) => Promise<void>;
  /** Waits some seconds for running invocations to end. Leaves nothing running. */
  readonly stop: () => Promise<void>;
};

const place = { region: "eu-central-1", account: "000000000000" };

type Stop = () => Promise<void> | void;

type Ground = { readonly journal: Journal; readonly web: Listener; readonly listening: Listener };

/** Everything that must exist before the resources of the template. Each part adds the function that stops it. */
const layGround = async (
  { data, fresh, prepare, port }: LocalCloudOptions,
  stops: Stop[],
): Promise<Ground> => {
  if (data !== undefined && fresh) refuseForeign(data);
  if (data !== undefined) stops.push(lock(data));
  const listening = await listen(0);
  stops.push(listening.stop);
  const web = await listen(port);
  stops.push(web.stop);
  // An instance that cannot start because its port is busy must not empty the folder.
  if (data !== undefined && fresh) emptyFolder(data);
  await prepare?.();
  const journal = openJournal(data && join(data, journalFile));
  stops.push(journal.close);
  return { journal, web, listening };
};

/** A clock that continues at the time that the journal has. */
const keptClock = (journal: Journal): Clock => {
  const kept = journal.map<number>("clock");
  const clock = localClock(Date.now, kept.get("ahead"));
  clock.onAdvance((ahead) => kept.set("ahead", ahead));
  return clock;
};

/** Every report has a time, and is kept for the traces. */
const tracing = (clock: Clock, options: Pick<LocalCloudOptions, "report">) => {
  const traced = trace();
  const report: Cloud["report"] = (given) => {
    const full = { at: clock.now(), ...given };
    traced.add(full);
    options.report(full);
  };
  return { traced, report };
};

/** The SDK sends header names in any case, and bodies as bytes. */
const callOf =
  (api: ReturnType<typeof apis>): CallApi =>
  ({ method, path, headers, body = new Uint8Array() }) => {
    const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    return api({ method, path, headers: Object.fromEntries(lower), body: Buffer.from(body) });
  };

/** The tables are the first provider. */
const startAll = async (
  [tables, ...others]: readonly Provider[],
  stops: Stop[],
  onTables: () => Promise<void>,
): Promise<void> => {
  const startOne = async ({ start, stop }: Provider) => {
    if (stop) stops.push(stop);
    await start?.();
  };
  if (tables) await startOne(tables);
  await onTables();
  for (const provider of others) await startOne(provider);
};

const start = async (options: LocalCloudOptions, stops: Stop[]): Promise<Omit<LocalCloud, "stop">> => {
  const assembly = readAssembly(options.assembly, options.stack);
  const { journal, web, listening } = await layGround(options, stops);
  const endpoint = listening.url;
  const { resources, outputs } = stackOf(assembly, { ...place, endpoint });
  const clock = keptClock(journal);
  stops.push(clock.stop);

  const { traced, report } = tracing(clock, options);

  const policies = policiesOf(resources);
  checkRoles(policies, resources);
  const counted = calls();
  const rights = access(policies, counted, report);
  const services = new Map<string, Service>();
  const call = dispatch({ services, resources, access: rights, calls: counted, report });
  const writes = tableWrites();

  const api = apis(callersByKey(callersOf(resources)), call, { resources, report });

  let running: Functions | undefined;
  const run: RunFunction = async (caller, functionArn, payload) => {
    rights.authorize(caller, { action: "lambda:InvokeFunction", resource: functionArn });
    if (!running) throw new ServiceError("ServiceException", "the local cloud is not ready", 500);
    return running.run(functionArn, payload);
  };
  const ground = { ...place, clock, journal, resources, report };
  const cloud = cloudOf({ ...ground, access: rights, call, run, writes });

  const providers = makeProviders(cloud, resources, {
    tables: tables({ data: options.data, endpoint: options.dynamodb, written: writes.tell }),
    functions: (_, own) => {
      running = functions(cloud, own, { assembly, endpoint, callApi: callOf(api) });
      return running;
    },
    kafkaMappings: kafkaMappings(options.kafka),
    mqMappings: mqMappings(options.amqp),
  });
  for (const provider of providers)
    for (const service of provider.services ?? []) services.set(service.name, service);

  listening.serve(gateway(api));
  await startAll(providers, stops, async () => options.onTables?.(cloud));
  await options.onRunning?.(cloud);

  const advance = (seconds: number) => jump(clock, seconds);
  const issuer = options.tokens ? localIssuer({ url: web.url, resources, journal, clock }) : undefined;
  const shown = { access: rights, calls: counted, trace: traced, pages: options.pages, issuer };
  web.serve(clientServer({ cloud, ...shown, outputs, endpoint, advance }, httpApi(cloud, resources, run)));
  // On stop, the connections of clients are closed first. A second call of web.stop does nothing.
  stops.push(web.stop);
  return {
    ...cloud,
    url: web.url,
    endpoint,
    ownerCredentials,
    outputs,
    issuer: issuer?.facts,
    otherStacks: assembly.otherStacks,
    advance,
    warm: () => running?.warm(),
  };
};

const jump = (clock: Clock, seconds: number): Promise<void> => {
  clock.advance(seconds * 1000);
  // Timers run in the order of their times, so this one is the last of those that are due.
  return new Promise((resolve) => void clock.at(clock.now(), resolve));
};

/** Runs an assembly. If the start fails, stops everything that already runs and rejects. */
export const localCloud = async (options: LocalCloudOptions): Promise<LocalCloud> => {
  const stops: Stop[] = [];
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    for (const end of [...stops].reverse()) await end();
  };
  try {
    return { ...(await start(options, stops)), stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
};
