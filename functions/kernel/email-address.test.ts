import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toEmailAddress } from "./email-address.ts";

describe("an address", () => {
  test.each([
    "æge_sjøåsen@domain.com",
    "john.doe@sub.domain.example",
    "gratis-netflix+1@gmail.com",
    "user.name+tag@domain.co.uk",
    "user@192.0.2.1",
    '"john doe"@example.com',
    "user@a.b.c.d.e.f.g.h.example.com",
  ])("%s is kept as it is", (given) => {
    expect(toEmailAddress(given)).toBe(given);
  });

  test.each([
    [" user@example.com ", "user@example.com"],
    ["User@Example.COM", "User@example.com"],
    ["post@blåbærsyltetøy.no", "post@xn--blbrsyltety-y8ao3x.no"],
    ["post@example.xn--p1ai", "post@example.xn--p1ai"],
    ["post@пример.рф", "post@xn--e1afmkfd.xn--p1ai"],
    ["post@example.travelersinsurance", "post@example.travelersinsurance"],
    ["user@192.000.002.001", "user@192.0.2.1"],
  ])("%j is kept as %s (NO-D28)", (given, kept) => {
    expect(toEmailAddress(given)).toBe(kept);
  });

  test.each([
    ".user@example.com",
    "user.@example.com",
    "user@example..com",
    "user@exa!mple.com",
    "user@",
    "@example.com",
    "",
    "   ",
    "user",
    "user@example",
    "user@-example.com",
    "user@example-.com",
    "user@example.c",
    "user@example.123",
    "user@256.1.1.1",
    "us er@example.com",
    "user@exam%70le.com",
    "user@example.com\r\nbcc: other@example.com",
    `${"a".repeat(250)}@example.com`,
  ])("%j is none", (given) => {
    expect(toEmailAddress(given)).toBeUndefined();
  });

  test.each(["one@example.com;two@example.com", "one;two@example.com", "one@example.com,"])(
    "%j is not taken for one (NO-D45, NO-D28)",
    (given) => {
      expect(toEmailAddress(given)).toBeUndefined();
    },
  );
});

const addressLike = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...'abAB19.æØ+-_" '), maxLength: 10 }),
    fc.string({ unit: fc.constantFrom(..."abAB19.-æøåßП。ı"), minLength: 1, maxLength: 16 }),
    fc.constantFrom("com", "NO", "xn--p1ai", "рф", "1.2.3.4"),
  )
  .map(([local, domain, top]) => `${local}@${domain}.${top}`);

test("normalising twice is normalising once, and never fails (NO-D28)", () => {
  fc.assert(
    fc.property(fc.oneof(addressLike, fc.emailAddress()), (text) => {
      const once = toEmailAddress(text);
      fc.pre(once !== undefined);
      expect(toEmailAddress(once)).toBe(once);
      expect(once).toBe(once.trim());
    }),
  );
});
