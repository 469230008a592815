/** Who gets the alarms: `alarms=EMAIL`, or `alarms=ARN` of a topic. */
import type { AlarmReceiver } from "../../constructs/alarms/receiver.ts";

/** CloudWatch sends to standard topics only. The name of a FIFO topic ends in .fifo. */
const topic = /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/;
const address = /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/;

/** Throws if it is neither an address nor the ARN of a standard topic. */
export const receiverIn = (text: string): AlarmReceiver => {
  if (topic.test(text)) return { kind: "topic", arn: text };
  if (text.startsWith("arn:"))
    throw new Error(
      `context alarms=${text}: expected the ARN of a standard topic of SNS, such as arn:aws:sns:eu-central-1:123456789012:alarms`,
    );
  if (address.test(text)) return { kind: "email", address: text };
  throw new Error(
    `context alarms=${text}: expected one e-mail address or the ARN of a topic of SNS; for several addresses, subscribe each to a topic`,
  );
};
