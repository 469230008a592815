import { expect, test } from "vitest";
import { contextOf } from "../../bin/context.ts";

const context = (values: Readonly<Record<string, unknown>>) => contextOf((name) => values[name]);

test("without a word of context the defaults stand and nothing but public routes is open", () => {
  expect(context({})).toEqual({
    bus: "eventbridge",
    saga: "step-functions",
    payments: "sandbox",
    mail: "ses",
    sender: "shop@example.com",
    guard: { kind: "iam" },
  });
});

test.each([
  [{ public: "true" }, { kind: "open" }],
  [{ public: true }, { kind: "open" }],
  [{ public: "false" }, { kind: "iam" }],
  [
    { issuer: "https://id.example.com", audience: "shop" },
    { kind: "jwt", issuer: "https://id.example.com", audience: "shop" },
  ],
] as const)("%o guards the API so", (values, guard) => {
  expect(context(values).guard).toEqual(guard);
});

const secret = "{{resolve:secretsmanager:smtp-url}}";

test.each(["smtp://localhost:1025", "smtps://user:password@mail.example.com", secret])(
  "mail goes by SMTP to %s",
  (smtp) => {
    expect(context({ mail: "smtp", smtp })).toMatchObject({ mail: "smtp", smtp });
  },
);

test.each([
  [{ bus: "carrier-pigeon" }, "context bus=carrier-pigeon: possible is eventbridge"],
  [{ saga: "luck" }, "context saga=luck: possible is step-functions, choreography"],
  [{ public: "yes" }, "context public=yes: possible is true, false"],
  [{ mail: "smtp" }, "context mail=smtp smtp=undefined: mail=smtp and smtp=smtps://host need each other"],
  [{ smtp: "smtp://localhost" }, "context mail=ses smtp=smtp://localhost: mail=smtp and"],
  [{ mail: "smtp", smtp: "localhost" }, "context smtp=localhost: possible is smtp://host:port"],
  [{ sender: "" }, "context sender=: a text is expected"],
  [{ issuer: "https://id.example.com" }, "the one needs the other"],
  [{ issuer: "i", audience: "a", public: "true" }, "either open or guarded by tokens"],
])("%o is refused with what is possible", (values, problem) => {
  expect(() => context(values)).toThrow(problem);
});
