/** The id of a stream: `category-id`. The category is the decider's name and has no dash. */
export type StreamId = `${string}-${string}`;

/** The id of the stream with this category and id: `order-1`. */
export const streamId = (category: string, id: string): StreamId => `${category}-${id}`;

/** The part before the first dash: `order` of `order-1`. */
export const categoryOf = (stream: StreamId): string => stream.slice(0, stream.indexOf("-"));

/** The part after the first dash: `1` of `order-1`. */
export const idOf = (stream: StreamId): string => stream.slice(stream.indexOf("-") + 1);

/** Both parts must be there. */
export const streamIdPattern = /^[^-]+-./s;

/** Whether a text has the form of a stream id. Every item that is read is checked, and a pattern takes longer. */
export const isStreamId = (text: string): text is StreamId => {
  const dash = text.indexOf("-");
  return dash > 0 && dash < text.length - 1;
};
