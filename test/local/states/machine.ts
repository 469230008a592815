/** Short parts of state machines for tests. */
type Fields = Readonly<Record<string, unknown>>;

export const machine = (states: Fields) => ({
  QueryLanguage: "JSONata",
  StartAt: Object.keys(states)[0],
  States: states,
});

export const task = (functionName: string, payload: unknown, fields: Fields = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: functionName, Payload: payload },
  ...("Next" in fields ? {} : { End: true }),
  ...fields,
});

export const tokenTask = (functionName: string, fields: Fields = {}) =>
  task(
    functionName,
    { token: "{% $states.context.Task.Token %}" },
    { Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken", ...fields },
  );
