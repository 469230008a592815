/**
 * The technologies that the shop may run on. To offer another, add its folder to `lib/adapters`, its name to
 * `context.ts`, and a row here.
 */
import { dynamoStorage } from "../lib/adapters/dynamodb/construct.ts";
import { eventBridge } from "../lib/adapters/eventbridge/construct.ts";
import { paymentSandbox } from "../lib/adapters/payment-sandbox/construct.ts";
import { sesMailer } from "../lib/adapters/ses/construct.ts";
import { smtpMailer } from "../lib/adapters/smtp/construct.ts";
import { stepFunctions } from "../lib/adapters/stepfunctions/construct.ts";
import { system } from "../lib/adapters/system/construct.ts";
import type { Technologies } from "../lib/constructs/ports.ts";
import type { ShopServices } from "../lib/domain/shop.ts";
import type { Choices } from "./context.ts";

const buses = { eventbridge: eventBridge };
const sagaEngines = { "step-functions": stepFunctions };
const paymentProviders = { sandbox: paymentSandbox };

export const shopOn = ({ bus, sagas, payments, sender, smtp }: Choices): Technologies<ShopServices> => ({
  system,
  storage: dynamoStorage,
  bus: buses[bus],
  sagaEngine: sagaEngines[sagas],
  services: {
    payments: paymentProviders[payments],
    mailer: smtp === undefined ? sesMailer(sender) : smtpMailer({ sender, url: smtp }),
  },
  effects: {
    "authorize-payment": ["payments"],
    "release-authorization": ["payments"],
    "send-confirmation": ["mailer"],
  },
});
