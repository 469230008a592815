/** The event table's stream → the bus. */
import { order, publisher } from "#bus";
import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store/event-store.ts";
import { streamHandler } from "../lib/adapters/dynamodb/event-store/stream.ts";
import { dynamoParked } from "../lib/adapters/dynamodb/parked.ts";
import { eventsTable, parkedTable } from "../lib/adapters/dynamodb/settings.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { system } from "../lib/adapters/system/system.ts";
import { relay } from "../lib/runtime/publishing/relay.ts";
import { current } from "./stored/application.ts";

const client = dynamoClient();
const parked = dynamoParked(client, parkedTable());
/** Called only if the bus keeps the order of a stream. */
const store = () => dynamoEventStore(client, eventsTable());
const ports = { current, bus: publisher(), order: order(store), parked, ...system };
export const handler = invocation(streamHandler(relay(ports)));
