import fc from "fast-check";
import { expect, test } from "vitest";
import { assertCallable, type EgressRules, isPublicAddress } from "./egress-guard.ts";

const rules: EgressRules = { trustedHosts: new Set(), allowedPorts: new Set([443]) };

const refuses = (address: string): boolean => {
  try {
    assertCallable(new URL(address), rules);
    return false;
  } catch {
    return true;
  }
};

const privateV4 = fc.oneof(
  fc.tuple(fc.constant(127), fc.nat(255), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(10), fc.nat(255), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(0), fc.nat(255), fc.nat(255), fc.nat(255)),
);

const hex = (value: number): string => value.toString(16).padStart(2, "0");

const spellings = ([a, b, c, d]: readonly [number, number, number, number]): string[] => {
  const dotted = `${a}.${b}.${c}.${d}`;
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const tail = `${hex(a)}${hex(b)}:${hex(c)}${hex(d)}`;
  return [
    dotted,
    String(whole),
    `0x${whole.toString(16)}`,
    `0${a.toString(8)}.${b}.${c}.${d}`,
    `0x${hex(a)}.${b}.${c}.${d}`,
    `${a}.${b}.${c * 256 + d}`,
    `${dotted}.`,
    `[::ffff:${dotted}]`,
    `[::ffff:${tail}]`,
    `[::${tail}]`,
    `[64:ff9b::${tail}]`,
    `[2002:${tail}::1]`,
  ];
};

test("EV-D48: no spelling of a private IPv4 address passes", () => {
  fc.assert(
    fc.property(privateV4, (address) => {
      expect(spellings(address).filter((host) => !refuses(`https://${host}/x`))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test.each(["::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1"])(
  "EV-D48: %s is not public",
  (address) => {
    expect(isPublicAddress(address)).toBe(false);
    expect(refuses(`https://[${address}]/`)).toBe(true);
  },
);

test.each(["http://example.com/", "https://user:secret@example.com/", "https://example.com:8080/"])(
  "EV-D48: %s is refused by its spelling",
  (address) => {
    expect(refuses(address)).toBe(true);
  },
);

test.each(["https://example.com/hook", "https://93.184.216.34/", "https://[2606:4700::1111]/"])(
  "%s may be called",
  (address) => {
    expect(refuses(address)).toBe(false);
  },
);

test("a trusted host and port may be called over plain http, another port may not", () => {
  const local: EgressRules = { ...rules, trustedHosts: new Set(["127.0.0.1:7073"]) };

  expect(() => {
    assertCallable(new URL("http://127.0.0.1:7073/hooks/a"), local);
  }).not.toThrow();
  expect(() => {
    assertCallable(new URL("http://127.0.0.1:7074/hooks/a"), local);
  }).toThrow("https");
});
