import fc from "fast-check";
import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, test } from "vitest";
import { fitSegments, MAX_SEGMENTS, segmentsOf } from "./sms-segments.ts";

const a = (count: number): string => "a".repeat(count);

describe("ES-D11: a text is counted as a phone gets it", () => {
  test.each([
    ["nothing", "", 0],
    ["160 letters", a(160), 1],
    ["161 letters", a(161), 2],
    ["306 letters", a(306), 2],
    ["307 letters", a(307), 3],
    ["160 times å", "å".repeat(160), 1],
    ["80 times €", "€".repeat(80), 1],
    ["81 times €", "€".repeat(81), 2],
    ["€ at the end of a part", `${a(152)}€${a(151)}`, 2],
    ["€ at the end of a part, and one letter too many", `${a(152)}€${a(152)}`, 3],
    ["70 times č", "č".repeat(70), 1],
    ["71 times č", "č".repeat(71), 2],
    ["35 faces", "😀".repeat(35), 1],
    ["36 faces", "😀".repeat(36), 2],
    ["134 units of UCS-2", "č".repeat(134), 2],
    ["135 units of UCS-2", "č".repeat(135), 3],
    ["16 full parts", a(2448), 16],
    ["one letter more", a(2449), 17],
  ])("%s", (_what, text, count) => {
    expect(segmentsOf(text).count).toBe(count);
  });

  test("Norwegian stays in seven bits, Sámi does not", () => {
    expect(segmentsOf("Blåbærsyltetøy på ÆØÅ").encoding).toBe("GSM-7");
    expect(segmentsOf("Čáhci").encoding).toBe("UCS-2");
  });
});

/** Characters of every kind: basic, extended, outside of both, and outside of the basic plane. */
const letters = fc.constantFrom(
  ..."abcXYZ 0189æøåÆØÅ@£$¥èéùìòÇ\nΔ_ΦΓ!\"#%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà",
);
const extended = fc.constantFrom(..."^{}\\[~]|€");
const foreign = fc.constantFrom("č", "đ", "–", "’", "ç", "😀", "𐍈");
const texts = fc.oneof(
  fc.string({ unit: fc.oneof({ weight: 9, arbitrary: letters }, extended), maxLength: 700 }),
  fc.string({
    unit: fc.oneof({ weight: 9, arbitrary: letters }, extended, foreign),
    maxLength: 400,
  }),
);

test("an independent calculator counts the same", () => {
  fc.assert(
    fc.property(texts, (text) => {
      // Its own graphemes would let no emoji be parted, which phones do.
      const oracle = new SegmentedMessage(text, "auto");
      const { encoding, count } = segmentsOf(text);

      expect(encoding).toBe(oracle.encodingName);
      expect(count).toBe(text === "" ? 0 : oracle.segmentsCount);
    }),
    { numRuns: 300 },
  );
});

test("a text that is too long is cut to what fits, and only then", () => {
  const long = fc
    .tuple(texts, fc.integer({ min: 1, max: 40 }))
    .map(([text, times]) => text.repeat(times));
  fc.assert(
    fc.property(long, (text) => {
      const fitting = fitSegments(text);

      expect(text.startsWith(fitting)).toBe(true);
      expect(segmentsOf(fitting).count).toBeLessThanOrEqual(MAX_SEGMENTS);
      expect(fitting === text).toBe(segmentsOf(text).count <= MAX_SEGMENTS);
    }),
    { numRuns: 200 },
  );
});
