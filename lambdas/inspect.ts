/** The clock → a look for sagas that are stuck. */
import { dynamoClient } from "../lib/adapters/dynamodb/client.ts";
import { dynamoInstances } from "../lib/adapters/dynamodb/instances.ts";
import { instancesTable } from "../lib/adapters/dynamodb/settings.ts";
import { system } from "../lib/adapters/system/system.ts";
import { shop } from "../lib/domain/shop.ts";
import { inspector } from "../lib/runtime/inspect.ts";

const instances = dynamoInstances(dynamoClient(), instancesTable());
const inspect = inspector(shop, { instances, ...system });
export const handler = () => inspect();
