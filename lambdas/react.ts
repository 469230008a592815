/** Events → one saga: starts it, and reports the outcomes that it waits for. */

import { consumer } from "#bus";
import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoInstances } from "../lib/adapters/dynamodb/instances/instances.ts";
import { instancesTable } from "../lib/adapters/dynamodb/settings.ts";
import { stepFunctionsClient } from "../lib/adapters/stepfunctions/client.ts";
import { stepFunctionsEngine } from "../lib/adapters/stepfunctions/saga-engine.ts";
import { machineOf } from "../lib/adapters/stepfunctions/settings.ts";
import { invocation } from "../lib/adapters/system/invocation.ts";
import { sagaName } from "../lib/adapters/system/settings.ts";
import { system } from "../lib/adapters/system/system.ts";
import { sagaNamed } from "../lib/model/named.ts";
import { currentInstances } from "../lib/runtime/sagas/current-instances.ts";
import { reactor } from "../lib/runtime/sagas/react.ts";
import { application, current } from "./stored/application.ts";

const saga = sagaNamed(application, sagaName());
const instances = currentInstances(current, dynamoInstances(dynamoClient(), instancesTable()));
const engine = stepFunctionsEngine(stepFunctionsClient(), { machineOf });
const react = reactor(saga, { current, instances, engine, ...system });
export const handler = invocation(consumer(react));
