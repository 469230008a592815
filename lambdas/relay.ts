/** The event table's stream → the bus. */
import { publisher } from "#bus";
import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoParked } from "../lib/adapters/dynamodb/parked.ts";
import { parkedTable } from "../lib/adapters/dynamodb/settings.ts";
import { streamHandler } from "../lib/adapters/dynamodb/stream.ts";
import { system } from "../lib/adapters/system/system.ts";
import { relay } from "../lib/runtime/relay.ts";

const parked = dynamoParked(dynamoClient(), parkedTable());
export const handler = streamHandler(relay({ bus: publisher(), parked, ...system }));
