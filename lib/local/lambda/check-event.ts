/** Lambda refuses an event that is not JSON before it runs the function. */
import { ServiceError } from "../service/service.ts";

export const checkEvent = (event: string): void => {
  try {
    JSON.parse(event);
  } catch (fault) {
    throw new ServiceError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${fault}`,
    );
  }
};
