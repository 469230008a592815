/**
 * The ARN of a table's stream. On AWS, its label is the time when the stream was created. Here the label is constant,
 * so that the ARN is known before the table exists.
 */
export const streamLabel = "2024-01-01T00:00:00.000";

export const streamArnOf = (tableArn: string): string => `${tableArn}/stream/${streamLabel}`;
