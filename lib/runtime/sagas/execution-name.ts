/** The name of the n-th execution beyond the first. No id contains a dot. */
export const executionName = (sagaId: string, restarts: number): string => {
  const id = sagaId.slice(sagaId.indexOf("/") + 1);
  return restarts === 0 ? id : `${id}.${restarts + 1}`;
};
