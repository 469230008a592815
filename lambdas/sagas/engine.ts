/** The engine of all sagas. Functions that continue a saga use it. */
import { sqsClient } from "../../lib/adapters/sqs/client.ts";
import { sqsContinueSaga } from "../../lib/adapters/sqs/continue-saga.ts";
import { queueOf } from "../../lib/adapters/sqs/settings.ts";
import { stepFunctionsClient } from "../../lib/adapters/stepfunctions/client.ts";
import { stepFunctionsEngine } from "../../lib/adapters/stepfunctions/saga-engine.ts";
import { hasMachine, machineOf } from "../../lib/adapters/stepfunctions/settings.ts";
import { engineOfEach } from "../../lib/runtime/sagas/engine-of-each.ts";

const machines = stepFunctionsEngine(stepFunctionsClient(), { machineOf });
const continueSaga = sqsContinueSaga(sqsClient(), queueOf);
export const engine = engineOfEach({ machines, hasMachine, continueSaga });
