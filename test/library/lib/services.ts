/** The services that effects use, as a function gets them. */
import { dynamoClient } from "eventfold/adapters/dynamodb/client";
import type { LibraryServices } from "./application.ts";
import { outboxSmsGateway } from "./sms/outbox-sms-gateway.ts";
import { outboxTable } from "./sms/settings.ts";

export const services: LibraryServices = { sms: outboxSmsGateway(dynamoClient(), outboxTable) };
