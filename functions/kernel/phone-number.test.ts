import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toPhoneNumber, toRegisteredPhoneNumber, withCountryCode } from "./phone-number.ts";

describe("a number that somebody gives", () => {
  test.each([
    ["+4740000001", "+4740000001"],
    ["004740000000", "+4740000000"],
    ["+4790000000", "+4790000000"],
    ["+233242426224", "+233242426224"],
    ["+47 99999999", "+4799999999"],
    ["+47 99 99 99 99 ", "+4799999999"],
  ])("%j is kept as %s (NO-D28)", (given, kept) => {
    expect(toPhoneNumber(given)).toBe(kept);
  });

  test.each([
    "40000001",
    "90000000",
    "+4750000004",
    "+47900000001",
    "+14790000000",
    "+4712345678",
    "",
    "   ",
    "++4740000000",
    " +4799999999",
    "+4799999999 or +4799999998",
    "tel:+4799999999",
  ])("%j is none", (given) => {
    expect(toPhoneNumber(given)).toBeUndefined();
  });
});

describe("a number of a register", () => {
  test.each([
    ["99315000", "+4799315000"],
    ["4123", "4123"],
    ["00233517846", "+233517846"],
    ["81549300", "81549300"],
  ])("%s gets its country code: %s", (given, expected) => {
    expect(withCountryCode(given)).toBe(expected);
  });

  test("is dropped when it is of no use", () => {
    expect(toRegisteredPhoneNumber("99315000")).toBe("+4799315000");
    expect(toRegisteredPhoneNumber("4123")).toBeUndefined();
    expect(toRegisteredPhoneNumber("")).toBeUndefined();
  });
});

const numberLike = fc.oneof(
  fc.integer({ min: 40_000_000, max: 99_999_999 }).map((it) => `+47 ${it}`),
  fc.integer({ min: 40_000_000, max: 99_999_999 }).map((it) => `0047${it}`),
  fc.string({ unit: fc.constantFrom(..."+0123456789 -()x"), maxLength: 20 }),
);

test("normalising twice is normalising once, and never fails (NO-D28)", () => {
  fc.assert(
    fc.property(numberLike, (text) => {
      const once = toPhoneNumber(text);
      fc.pre(once !== undefined);
      expect(toPhoneNumber(once)).toBe(once);
      expect(toRegisteredPhoneNumber(once)).toBe(once);
      expect(once).toMatch(/^\+\d{5,15}$/);
    }),
  );
});
