/**
 * A priority queue: a binary heap that finds its first item at once, and adds or removes an item in logarithmic time.
 * An item may be in the queue only once, and its rank must not change while it is there.
 */
type PriorityQueue<Item> = {
  readonly add: (item: Item) => void;
  readonly first: () => Item | undefined;
  /** Returns whether the item was in the queue. */
  readonly remove: (item: Item) => boolean;
  readonly clear: () => void;
};

export const priorityQueue = <Item>(isBefore: (one: Item, other: Item) => boolean): PriorityQueue<Item> => {
  const items: Item[] = [];
  const places = new Map<Item, number>();

  const put = (item: Item, place: number) => {
    items[place] = item;
    places.set(item, place);
  };

  const rise = (item: Item, from: number) => {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = items[above];
      if (parent === undefined || !isBefore(item, parent)) break;
      put(parent, place);
      place = above;
    }
    put(item, place);
    return place;
  };

  const sink = (item: Item, from: number) => {
    let place = from;
    for (;;) {
      const left = items[2 * place + 1];
      const right = items[2 * place + 2];
      const goesRight = left !== undefined && right !== undefined && isBefore(right, left);
      const child = goesRight ? right : left;
      if (child === undefined || !isBefore(child, item)) break;
      put(child, place);
      place = 2 * place + (goesRight ? 2 : 1);
    }
    put(item, place);
  };

  return {
    add: (item) => void rise(item, items.length),
    first: () => items[0],
    remove: (item) => {
      const place = places.get(item);
      if (place === undefined) return false;
      places.delete(item);
      const last = items.pop();
      if (last !== undefined && last !== item) sink(last, rise(last, place));
      return true;
    },
    clear: () => {
      items.length = 0;
      places.clear();
    },
  };
};
