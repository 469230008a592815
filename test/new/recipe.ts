/** The recipe that a new application's README has for a command: one block that `git apply` takes. */
export const recipeIn = (readme: string): string => {
  const [, recipe] = /^```diff\n([\s\S]*?)^```$/m.exec(readme) ?? [];
  if (recipe === undefined)
    throw new Error("README.md: expected a block ```diff with the recipe for a command");
  return recipe;
};
