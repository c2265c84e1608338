import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { magicNumbers, magicOf } from "./magic.ts";
import { outcomeNames } from "./table.ts";

const documentation = readFileSync(
  new URL("../../../docs/local-stack.md", import.meta.url),
  "utf8",
);

test("the documentation lists every outcome with its numbers", () => {
  const section = documentation.slice(documentation.indexOf("### Forced outcomes"));
  const rows = [...section.matchAll(/^\| `([a-z-]+)` +\| +([\d, ]*?) *\|/gm)];

  expect(rows.map(([, name, digits]) => [name, digits])).toEqual(
    outcomeNames.map((name) => [
      name,
      Object.keys(magicNumbers)
        .filter((number) => magicNumbers[number] === name)
        .map((number) => number.slice(-2))
        .join(", "),
    ]),
  );
});

test.each([
  ["bounced@example.com", "bounced", undefined],
  ["bounced+17@example.org", "bounced", 17],
  ["reset-after+again@example.com", "reset-after", undefined],
  ["4799999901", "bounced", undefined],
])("%s forces %s", (recipient, name, times) => {
  expect(magicOf(recipient)).toEqual({ name, times });
});

test.each(["kari@example.com", "bounced.not@example.com", "4799999999", "constructor@example.com"])(
  "%s forces nothing",
  (recipient) => {
    expect(magicOf(recipient)).toBeUndefined();
  },
);
