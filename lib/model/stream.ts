/** The id of a stream, `category-id`: the category is the decider's name and holds no dash. */
export type StreamId = `${string}-${string}`;

export const streamId = (category: string, id: string): StreamId => `${category}-${id}`;

export const categoryOf = (stream: StreamId): string => stream.slice(0, stream.indexOf("-"));

/** What follows the category. */
export const idOf = (stream: StreamId): string => stream.slice(stream.indexOf("-") + 1);

export const streamIdPattern = /^[^-]+-./s;

export const isStreamId = (text: string): text is StreamId => streamIdPattern.test(text);
