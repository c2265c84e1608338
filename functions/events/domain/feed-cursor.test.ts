import fc from "fast-check";
import { expect, test } from "vitest";
import { createCursors, startOf } from "./feed-cursor.ts";

const cursors = createCursors("a-key-of-thirty-two-characters-or-more");
const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });

test("a cursor says where it was made", () => {
  fc.assert(
    fc.property(fc.string(), number, (feed, at) => {
      expect(cursors.decode(feed, cursors.encode(feed, at))).toBe(at);
    }),
  );
});

test("a cursor of one feed says nothing of another", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), number, (feed, other, at) => {
      fc.pre(feed !== other);

      expect(cursors.decode(other, cursors.encode(feed, at))).toBeUndefined();
    }),
  );
});

test("any other text is no cursor", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(cursors.decode("feed", text)).toBeUndefined();
    }),
  );
});

test("a cursor that was changed is none", () => {
  const cursor = cursors.encode("feed", 12_345);

  expect(cursors.decode("feed", cursor.replace("9ix", "9iy"))).toBeUndefined();
});

test("what clients have always sent to begin is a beginning", () => {
  expect(["0", "1", "oldest", "newest", "2"].map(startOf)).toEqual([
    "oldest",
    "oldest",
    "oldest",
    "newest",
    undefined,
  ]);
});
