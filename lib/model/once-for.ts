/** Answers that are found once for as long as what they are of is there. That is never changed. */

export const onceFor = <Key extends object, Value>(find: (key: Key) => Value) => {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key: Key): Value => {
    const found = known.get(key) ?? { value: find(key) };
    known.set(key, found);
    return found.value;
  };
};

/** The same for two objects. */
export const onceForBoth = <One extends object, Other extends object, Value>(
  find: (one: One, other: Other) => Value,
) => {
  const ofOne = onceFor((one: One) => onceFor((other: Other) => find(one, other)));
  return (one: One, other: Other): Value => ofOne(one)(other);
};
