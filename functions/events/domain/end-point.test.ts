import fc from "fast-check";
import { expect, test } from "vitest";
import { endPointOf, textOfEndPoint } from "./end-point.ts";

test.each([
  ["https://example.com", "https://example.com/"],
  ["https://example.com/a?b=c", "https://example.com/a?b=c"],
  ["feed:", "feed:"],
  ["FEED:", "feed:"],
  ["sms:+4799999990", "sms:+4799999990"],
  ["SMS:+47 99 99 99 90", "sms:+4799999990"],
  ["mailto:ola@example.com", "mailto:ola@example.com"],
  ["mailto:ola+a%40example.com", "mailto:ola+a@example.com"],
])("%s is stored as %s", (given, stored) => {
  const endPoint = endPointOf(given);

  expect(endPoint && textOfEndPoint(endPoint)).toBe(stored);
});

test.each([
  "",
  "/relative",
  "feed",
  "sms:",
  "sms:99999990",
  "sms:+4799999990,+4799999991",
  "sms:+4799999990?body=x",
  "sms:+0",
  "mailto:",
  "mailto:ola",
  "mailto:ola@example",
  "mailto:ola@example.com,kari@example.com",
  "mailto:ola@example.com?cc=kari@example.com",
  "mailto:ola@example.com%0d%0abcc:kari@example.com",
  "mailto:Ola <ola@example.com>",
  "mailto:%",
])("%s is no end point", (given) => {
  expect(endPointOf(given)).toBeUndefined();
});

test("whatever is stored reads back as the same, and no two recipients hide in one", () => {
  const texts = fc.oneof(
    fc.webUrl({ validSchemes: ["https"] }),
    fc.string().map((text) => `mailto:${text}`),
    fc.string().map((text) => `sms:${text}`),
    fc.emailAddress().map((text) => `mailto:${text}`),
    fc.stringMatching(/^\+[1-9]\d{0,20}$/).map((text) => `sms:${text}`),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const endPoint = endPointOf(text);
      const address = endPoint?.kind === "notice" ? endPoint.address : "";

      expect(endPoint && endPointOf(textOfEndPoint(endPoint))).toEqual(endPoint);
      expect(address).not.toMatch(/[\s,;?&<>]/);
    }),
    { numRuns: 500 },
  );
});
