import { expect, test } from "vitest";
import { contextOf } from "../../lib/deploy/context/context.ts";
import { noticesFor } from "../../lib/deploy/context/notices.ts";
import { application } from "../library/lib/application.ts";

const tokens = { issuer: "https://id.example.com", audience: "library" };
const topic = { alarms: "arn:aws:sns:eu-central-1:123456789012:alarms" };

test.each([
  [tokens, ["warning: no alarm is sent to anyone; add -c alarms=EMAIL or -c alarms=ARN of a topic of SNS"]],
  [
    { alarms: "ops@example.com", ...tokens },
    [
      'alarms: ops@example.com gets no alarm until the link in the e-mail "AWS Notification - Subscription Confirmation" is opened',
    ],
  ],
  [{ ...topic, ...tokens }, []],
  [
    topic,
    [
      "callers: Callers with AWS credentials count as exempt: they may see and change the things of all owners.",
    ],
  ],
  [
    { ...topic, iamCallers: "owner" },
    ["callers: A caller with AWS credentials owns the things whose owner is the ARN of its user or role."],
  ],
  [
    { ...topic, public: "true" },
    [
      "callers: This deployment is open to everyone. All callers count as exempt: they may see and change the things of all owners.",
    ],
  ],
])("%j has the notices for its alarms and its callers", (context, notices) => {
  expect(noticesFor(contextOf(context), application.routes)).toEqual(notices);
});

test("an application without owners has no notice about callers", () => {
  expect(noticesFor(contextOf(topic), [])).toEqual([]);
});
