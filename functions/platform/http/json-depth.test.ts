import fc from "fast-check";
import { expect, test } from "vitest";
import { nestsTooDeep } from "./json-depth.ts";

test("a text that nests 20,000 deep is refused, in arrays and in objects", () => {
  expect(nestsTooDeep("[".repeat(20_000))).toBe(true);
  expect(nestsTooDeep('{"a":'.repeat(20_000))).toBe(true);
});

test("what is deeper than Cosmos DB stores, with what we put around it, is refused", () => {
  const nested = (depth: number): string =>
    `${"[".repeat(depth)}"${"x".repeat(300)}"${"]".repeat(depth)}`;

  expect([nestsTooDeep(nested(100)), nestsTooDeep(nested(120))]).toEqual([false, true]);
});

test("brackets in strings do not count", () => {
  expect(nestsTooDeep(JSON.stringify({ a: '["\\'.repeat(5000) }))).toBe(false);
});

test("what anybody would send passes", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
      expect(nestsTooDeep(JSON.stringify(value))).toBe(false);
    }),
  );
});
