/** What DynamoDB, or the way to it, may answer besides what a port has a value for: faults, which are thrown. */
import * as dynamodb from "@aws-sdk/client-dynamodb";

const failure = (name: string) => ({ message: `it is ${name}`, $metadata: {} });

const named = (name: string): Error => Object.assign(new Error(`it is ${name}`), { name });

/** To add a documented error, add a row. */
export const faults: readonly (readonly [name: string, error: Error])[] = [
  new dynamodb.ProvisionedThroughputExceededException(failure("throughput")),
  new dynamodb.ThrottlingException(failure("throttled")),
  new dynamodb.RequestLimitExceeded(failure("limited")),
  new dynamodb.InternalServerError(failure("internal")),
  new dynamodb.ResourceNotFoundException(failure("missing")),
  new dynamodb.ItemCollectionSizeLimitExceededException(failure("size")),
  named("ValidationException"),
  named("AccessDeniedException"),
  named("TimeoutError"),
].map((error) => [error.name, error]);

export const conditionFailed = (item?: Record<string, dynamodb.AttributeValue>) =>
  new dynamodb.ConditionalCheckFailedException({ ...failure("condition"), ...(item && { Item: item }) });

export const cancelled = (...codes: readonly string[]) =>
  new dynamodb.TransactionCanceledException({
    ...failure("cancelled"),
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

export const transactionConflict = () => new dynamodb.TransactionConflictException(failure("conflict"));
