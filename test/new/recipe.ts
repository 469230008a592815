/** The recipe for a command in the README of a new application: one block for `git apply`. */
export const recipeIn = (readme: string): string => {
  const [, recipe] = /^```diff\n([\s\S]*?)^```$/m.exec(readme) ?? [];
  if (recipe === undefined)
    throw new Error("README.md: expected a block ```diff with the recipe for a command");
  return recipe;
};
