/** What the effects perform with, in a function. */
import { dynamoClient } from "eventfold/adapters/dynamodb/client";
import type { LibraryServices } from "./application.ts";
import { outboxSmsGateway } from "./sms/outbox-sms-gateway.ts";
import { outboxTable } from "./sms/settings.ts";

export const services: LibraryServices = { sms: outboxSmsGateway(dynamoClient(), outboxTable) };
