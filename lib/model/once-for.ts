/** The same answer for the same two objects, found once for as long as both are there. Neither is ever changed. */
export const onceFor = <One extends object, Other extends object, Value>(
  find: (one: One, other: Other) => Value,
) => {
  const known = new WeakMap<One, WeakMap<Other, { readonly value: Value }>>();
  return (one: One, other: Other): Value => {
    const ofOne = known.get(one) ?? new WeakMap<Other, { readonly value: Value }>();
    known.set(one, ofOne);
    const found = ofOne.get(other) ?? { value: find(one, other) };
    ofOne.set(other, found);
    return found.value;
  };
};
