/**
 * The choice state before an optional step, in JSONata. The input of the execution lists the steps that its instance skips,
 * so the state needs no function call.
 */
export type ChoiceState = {
  readonly Type: "Choice";
  readonly Choices: readonly [{ readonly Condition: string; readonly Next: string }];
  readonly Default: string;
};

/** Step names contain no quotes. JSONata answers false if the input has no `skips`. */
export const choice = (
  step: string,
  { skipped, taken }: { readonly skipped: string; readonly taken: string },
): ChoiceState => ({
  Type: "Choice",
  Choices: [{ Condition: `{% '${step}' in $states.context.Execution.Input.skips %}`, Next: skipped }],
  Default: taken,
});
