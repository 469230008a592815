/** Reads lists of instances page by page. */
import type { Instances, ListRequest } from "./instances.ts";

/** Which list to read. */
export type InstanceList = Omit<ListRequest, "limit" | "from">;

/** The number of ids per page. */
const pageSize = 25;

/** The pages of ids, to the end of the list. */
export async function* instancePages(
  instances: Pick<Instances, "list">,
  request: InstanceList,
): AsyncGenerator<readonly string[]> {
  let from: string | undefined;
  do {
    const page = await instances.list({ ...request, limit: pageSize, ...(from !== undefined && { from }) });
    if (page === "invalid")
      throw new Error(`list of ${request.kind} instances: expected it to accept its own next, got invalid`);
    yield page.ids;
    from = page.next;
  } while (from !== undefined);
}
