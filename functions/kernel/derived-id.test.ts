import fc from "fast-check";
import { expect, test } from "vitest";
import { derivedKey, derivedUuid } from "./derived-id.ts";

const part = fc.string().filter((text) => !text.includes("\0"));

test("a derived UUID is a lower-case version 5 UUID and the same every time", () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), (parts) => {
      const id = derivedUuid(...parts);

      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(derivedUuid(...parts)).toBe(id);
    }),
  );
});

test("what was derived once is derived for ever: it names what is stored", () => {
  expect(derivedUuid("send", "æ", "1")).toBe("21bc0966-b848-58e3-be65-15cfb2c9046c");
});

test("moving a character from one part to the next gives another id", () => {
  expect(derivedKey("ab", "c")).not.toBe(derivedKey("a", "bc"));
  expect(derivedUuid("ab", "c")).not.toBe(derivedUuid("a", "bc"));
});

test("a derived key can be the id of a document", () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), (parts) => {
      expect(derivedKey(...parts)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    }),
  );
});
