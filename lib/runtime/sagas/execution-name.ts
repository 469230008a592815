/** The name of the n-th execution beyond the first: a dot stands in no id. */
export const executionName = (sagaId: string, restarts: number): string => {
  const id = sagaId.slice(sagaId.indexOf("/") + 1);
  return restarts === 0 ? id : `${id}.${restarts + 1}`;
};
