/** The pages of the tutorial, which `npm run test:guide` follows, and what it leaves out. */

export const tutorialPages: readonly string[] = ["tutorial.md", "tutorial-2.md", "tutorial-3.md"].map(
  (page) => `docs/guide/${page}`,
);

/** These commands need an AWS account. */
export const isForAnAccount = (line: string): boolean => /^npx cdk (bootstrap|deploy)/.test(line);
