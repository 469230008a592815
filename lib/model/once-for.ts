/** Caches a result for each object, for as long as the object is in use. The objects must not change. */

/** A function that computes its result once. If it throws, the next call computes it again. */
export const once = <Value>(find: () => Value): (() => Value) => {
  let known: { readonly value: Value } | undefined;
  return () => {
    known ??= { value: find() };
    return known.value;
  };
};

/** A function that computes its result once for each object. */
export const onceFor = <Key extends object, Value>(find: (key: Key) => Value) => {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key: Key): Value => {
    const found = known.get(key);
    if (found) return found.value;
    const value = find(key);
    known.set(key, { value });
    return value;
  };
};

/** A function that computes its result once for each pair of objects. */
export const onceForBoth = <One extends object, Other extends object, Value>(
  find: (one: One, other: Other) => Value,
) => {
  const ofOne = onceFor((one: One) => onceFor((other: Other) => find(one, other)));
  return (one: One, other: Other): Value => ofOne(one)(other);
};
