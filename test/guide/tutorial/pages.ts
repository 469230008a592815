/** The pages of the tutorial, which `npm run test:guide` follows, and what it leaves out. */

export const tutorialPages: readonly string[] = ["tutorial.md", "tutorial-2.md", "tutorial-3.md"].map(
  (page) => `docs/guide/${page}`,
);

/** Commands that need an AWS account, and the one that has installed what this test runs with. */
export const isLeftOut = (line: string): boolean => /^(npx cdk (bootstrap|deploy)|npm ci$)/.test(line);
