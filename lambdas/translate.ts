/** Events of another system → commands. */

import { foreignConsumer } from "#bus";
import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoInbox } from "../lib/adapters/dynamodb/inbox.ts";
import { eventsTable, inboxTable } from "../lib/adapters/dynamodb/settings.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { translatorName } from "../lib/adapters/system/settings.ts";
import { system } from "../lib/adapters/system/system.ts";
import { translatorNamed } from "../lib/model/named.ts";
import { intake } from "../lib/runtime/handlers/translate.ts";
import { cachingStore } from "../lib/runtime/streams/caching-store.ts";
import { commandHandler } from "../lib/runtime/streams/handle-command.ts";
import { application } from "./stored/application.ts";

const client = dynamoClient();
const store = cachingStore(dynamoEventStore(client, eventsTable()));
const inbox = dynamoInbox(client, inboxTable());
const handle = commandHandler(application, { store, ...system });
const translator = translatorNamed(application, translatorName());
export const handler = invocation(foreignConsumer(intake(translator, { handle, inbox, ...system })));
