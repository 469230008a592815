/** Answers of DynamoDB or of the network that no value of a port covers. Transient faults are thrown unchanged. */
import * as dynamodb from "@aws-sdk/client-dynamodb";

const failure = (name: string) => ({ message: `it is ${name}`, $metadata: {} });

export const named = (name: string, message = `it is ${name}`, httpStatusCode = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

/** To add a documented error, add a row. */
export const faults: readonly (readonly [name: string, error: Error])[] = [
  new dynamodb.ProvisionedThroughputExceededException(failure("throughput")),
  new dynamodb.ThrottlingException(failure("throttled")),
  new dynamodb.RequestLimitExceeded(failure("limited")),
  new dynamodb.InternalServerError(failure("internal")),
  new dynamodb.ResourceNotFoundException(failure("missing")),
  named("AccessDeniedException"),
  named("TimeoutError"),
].map((error) => [error.name, error]);

/** One of the errors by which DynamoDB refuses content. `errors.test.ts` covers all of them. */
export const refusal = named("ValidationException", "Item size has exceeded the maximum allowed size");

export const conditionFailed = (item?: Record<string, dynamodb.AttributeValue>) =>
  new dynamodb.ConditionalCheckFailedException({ ...failure("condition"), ...(item && { Item: item }) });

export const cancelled = (...codes: readonly string[]) =>
  new dynamodb.TransactionCanceledException({
    ...failure("cancelled"),
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

export const transactionConflict = () => new dynamodb.TransactionConflictException(failure("conflict"));
