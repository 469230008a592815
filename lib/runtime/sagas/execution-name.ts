/** The name of an execution. Restarted executions get a number after a dot, which no id contains. */
export const executionName = (sagaId: string, restarts: number): string => {
  const id = sagaId.slice(sagaId.indexOf("/") + 1);
  return restarts === 0 ? id : `${id}.${restarts + 1}`;
};
