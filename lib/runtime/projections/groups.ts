/** Groups members that share items: `a → {1, 2}, b → {2}, c → {3}` gives the groups {a, b} and {c}. */
export type Group<Member> = { readonly members: readonly Member[]; readonly items: readonly string[] };

export const groupsOf = <Member>(
  itemsOf: ReadonlyMap<Member, ReadonlySet<string>>,
): readonly Group<Member>[] => {
  let groups: { members: Member[]; items: Set<string> }[] = [];
  for (const [member, items] of itemsOf) {
    const touching = groups.filter((group) => [...items].some((item) => group.items.has(item)));
    const merged = {
      members: [...touching.flatMap(({ members }) => members), member],
      items: new Set([...touching.flatMap((group) => [...group.items]), ...items]),
    };
    groups = [...groups.filter((group) => !touching.includes(group)), merged];
  }
  return groups.map(({ members, items }) => ({ members, items: [...items] }));
};
