import fc from "fast-check";
import { expect, test } from "vitest";
import { deliveryStatuses, type Evidence, isFinal, merge } from "./delivery-status.ts";

/** Few times, so that many reports are of the same. */
const evidence: fc.Arbitrary<Evidence> = fc.record({
  status: fc.constantFrom(...deliveryStatuses),
  at: fc.integer({ min: 0, max: 5 }),
});

const start: Evidence = { status: "New", at: 0 };

const endOf = (all: readonly Evidence[]): Evidence => all.reduce(merge, start);

test("NO-D09, NO-D47: reports in any order and however often end in the same status", () => {
  fc.assert(
    fc.property(
      fc.array(evidence, { maxLength: 12 }).chain((reports) =>
        fc.tuple(
          fc.constant(reports),
          fc.shuffledSubarray([...reports, ...reports], {
            minLength: reports.length * 2,
            maxLength: reports.length * 2,
          }),
        ),
      ),
      ([reports, mixed]) => {
        expect(endOf(mixed)).toEqual(endOf(reports));
      },
    ),
  );
});

test("merging is commutative, associative and idempotent", () => {
  fc.assert(
    fc.property(evidence, evidence, evidence, (a, b, c) => {
      expect(merge(a, b)).toEqual(merge(b, a));
      expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      expect(merge(a, a)).toEqual(a);
    }),
  );
});

test("what is final stays final, and a provider's word outranks our own expiry", () => {
  fc.assert(
    fc.property(evidence, evidence, (a, b) => {
      const isProvidersWord = isFinal(a.status) && a.status !== "Failed_TTL";
      const expired: Evidence = { status: "Failed_TTL", at: 99 };

      expect(isFinal(merge(a, b).status)).toBe(isFinal(a.status) || isFinal(b.status));
      expect(merge(a, expired)).toEqual(isProvidersWord ? a : expired);
    }),
  );
});
