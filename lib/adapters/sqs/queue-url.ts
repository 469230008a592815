/** The URL of a queue from its ARN. */
export const queueUrlOf = (arn: string): string => {
  const [, , , region, account, name] = arn.split(":");
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
};
