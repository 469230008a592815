/** Events → one effect, such as an e-mail or a request to the payment provider. */

import { consumer } from "#bus";
import { services } from "#services";
import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoLedger } from "../lib/adapters/dynamodb/ledger.ts";
import { eventsTable, ledgerTable } from "../lib/adapters/dynamodb/settings.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { effectName } from "../lib/adapters/system/settings.ts";
import { system } from "../lib/adapters/system/system.ts";
import { effectNamed } from "../lib/model/named.ts";
import { performer } from "../lib/runtime/handlers/perform.ts";
import { commandHandler, type HandleCommand } from "../lib/runtime/streams/handle-command.ts";
import { application, current } from "./stored/application.ts";

const client = dynamoClient();
const ledger = dynamoLedger(client, ledgerTable());
/** A function has only the settings that its own effect uses, so they are read on use. */
const handle: HandleCommand = (command, options) =>
  commandHandler(application, { store: dynamoEventStore(client, eventsTable()), ...system })(
    command,
    options,
  );
const effect = effectNamed(application, effectName());
const perform = performer(effect, { current, ledger, handle, services, ...system });
export const handler = invocation(consumer(perform));
