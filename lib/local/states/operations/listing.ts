/** One page of a list, as on AWS: `maxResults` items, and a token for the next page. */
import { type Input, ServiceError } from "../../service/service.ts";

const itemsOtherwise = 100;
const itemsMax = 1000;

export const page = <Item>(items: readonly Item[], input: Input, key: (item: Item) => string) => {
  const after = input.nextToken;
  const first = after === undefined ? 0 : items.findIndex((item) => key(item) === after) + 1;
  if (after !== undefined && first === 0)
    throw new ServiceError("InvalidToken", "Invalid Token: 'Invalid token'");
  const wanted =
    typeof input.maxResults === "number" && input.maxResults > 0 ? input.maxResults : itemsOtherwise;
  const found = items.slice(first, first + Math.min(wanted, itemsMax));
  const last = found.at(-1);
  return { items: found, ...(last && first + found.length < items.length && { nextToken: key(last) }) };
};
