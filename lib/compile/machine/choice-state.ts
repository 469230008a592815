/**
 * The state before a step that not every instance has, in the states language of Step Functions (JSONata). The
 * execution was started with the names of the steps that its instance skips: no function is asked.
 */
export type ChoiceState = {
  readonly Type: "Choice";
  readonly Choices: readonly [{ readonly Condition: string; readonly Next: string }];
  readonly Default: string;
};

/** A step's name has no quotes. Of an execution without skips JSONata answers false. */
export const choice = (
  step: string,
  { skipped, taken }: { readonly skipped: string; readonly taken: string },
): ChoiceState => ({
  Type: "Choice",
  Choices: [{ Condition: `{% '${step}' in $states.context.Execution.Input.skips %}`, Next: skipped }],
  Default: taken,
});
