import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { effectivePartitionKey } from "./effective-partition-key.ts";
import { type KeyComponent, keyText, parsePartitionKey } from "./partition-key.ts";

const require = createRequire(import.meta.url);

/** The SDK's own, which it does not export. */
const { hashPartitionKey } = require(
  join(dirname(require.resolve("@azure/cosmos")), "utils/hashing/hash.js"),
) as { hashPartitionKey: (key: readonly unknown[], definition: object) => string };

const component: fc.Arbitrary<KeyComponent> = fc.oneof(
  fc.constantFrom<KeyComponent>(undefined, null, true, false),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: "binary", maxLength: 60 }),
);

describe("the effective partition key", () => {
  test.each<[readonly KeyComponent[], string]>([
    [["a"], "3A5381E1114EB8D3FCC90795045B49B7"],
    [[""], "32E9366E637A71B4E710384B2F4970A0"],
    [["Ærlig"], "08E71C821EDDD67E40246D6BAA5FB3A1"],
    [[5], "19C08621B135968252FB34B4CF66F811"],
    [[0], "155B95BEDAC4B1E9EC1CDC9BB0DDDE58"],
    [[-1.5], "151793206780805FF6E1DCAE6C787B6A"],
    [[true], "0E711127C5B5A8E4726AC6DD306A3E59"],
    [[false], "2FE1BE91E90A3439635E0E9E37361EF2"],
    [[null], "378867E4430E67857ACE5C908374FE16"],
    [[undefined], "11622DAA78F835834610ABE56EFF5CB5"],
    [["a", "b"], "3A5381E1114EB8D3FCC90795045B49B7195644569A78B1E22D200348AF9416CE"],
    [["feed:1", 7], "3CAAA75D223DF11A0585944F1D84FA7F36ECBAF0D9CC21F10F0938014BB52739"],
  ])("of %j is %s", (key, place) => {
    expect(effectivePartitionKey(key)).toBe(place);
  });

  test("is where the SDK itself places any key", () => {
    fc.assert(
      fc.property(fc.array(component, { minLength: 1, maxLength: 3 }), (key) => {
        const asSdk = key.map((value) => (value === undefined ? {} : value));
        const kind = key.length > 1 ? "MultiHash" : "Hash";
        const paths = key.map((_, index) => `/p${index}`);

        expect(effectivePartitionKey(key)).toBe(
          hashPartitionKey(asSdk, { paths, kind, version: 2 }),
        );
      }),
    );
  });
});

test("the text of a partition key is read back as the same key", () => {
  fc.assert(
    fc.property(fc.array(component, { maxLength: 3 }), (key) => {
      // JSON has no negative zero.
      const wanted = key.map((value) => (value === 0 ? 0 : value));

      expect(parsePartitionKey(keyText(key))).toEqual(wanted);
    }),
  );
});
