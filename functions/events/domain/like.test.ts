import { expect, test } from "vitest";
import { like } from "./like.ts";

test.each([
  ["a.b", "a.b", true],
  ["a.b", "axb", false],
  ["a%", "a.anything", true],
  ["%c%", "abcde", true],
  ["a_c", "abc", true],
  ["a_c", "abbc", false],
  ["A%", "abc", false],
] as const)("%s is like %s: %s", (pattern, text, isLike) => {
  expect(like(pattern, "sensitive")(text)).toBe(isLike);
});

test("letter case is ignored where it always was", () => {
  expect(like("A%", "ignored")("abc")).toBe(true);
  expect(like("ABC", "ignored")("abc")).toBe(true);
});
