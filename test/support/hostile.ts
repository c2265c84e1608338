/** What an attacker may send: texts, JSON and mutilated requests that a parser is not made for. */
import fc from "fast-check";

/** Texts that have broken somebody's parser before. */
const knownTexts = [
  "",
  " ",
  "\u0000",
  "\ud800",
  "a\udfffb",
  "\u202e\u0000\ufeff",
  "__proto__",
  "constructor",
  "toString",
  "../../etc/passwd",
  "' OR 1=1 --",
  "${jndi:ldap://127.0.0.1/a}",
  "<script>alert(1)</script>",
  "%00%ff%c0%80",
  "NaN",
  "-0",
  "1e999",
  "9".repeat(400),
  "2026-13-45T99:99:99Z",
  "+000000-00-00T00:00:00Z",
  "http://[::ffff:127.0.0.1]:0/",
  "https://user:pass@127.1/%2e%2e",
  "urn:altinn:resource:" + "a".repeat(300),
  "/party/" + "1".repeat(200),
  "a".repeat(20_000),
  "(".repeat(5000),
  "a@".repeat(2000),
  "=".repeat(3000),
];

export const hostileText = fc.oneof(
  fc.constantFrom(...knownTexts),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ maxLength: 200 }),
);

/** What may stand in a header: the sockets refuse the rest by themselves. */
export const hostileHeader = hostileText.map((text) =>
  text
    .replace(/[^\u0020-\u00ff]|[\u007f]/g, "?")
    .slice(0, 4000)
    .trim(),
);

const nested = (depth: number): string => `${"[".repeat(depth)}1${"]".repeat(depth)}`;
const nestedObjects = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

/** JSON texts that `JSON.stringify` would not write. */
const knownJson = [
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '[{"__proto__":{"polluted":true}}]',
  '{"a":1,"a":2,"":null}',
  "1e400",
  "-1e-400",
  "123456789012345678901234567890.5",
  nested(200),
  nested(20_000),
  nestedObjects(20_000),
  '"\\ud800"',
  "null",
  "true",
  "[]",
  "{}",
  "[null]",
  "{",
  '{"a":}',
  "\ufeff{}",
  "NaN",
];

const hostileValue = fc.oneof(
  hostileText.map((text) => JSON.stringify(text)),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  fc.constantFrom(...knownJson),
);

export const hostileJson = fc.oneof(fc.constantFrom(...knownJson), hostileValue);

type Path = readonly string[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

const MARK = "\u0001budstikke\u0001";

function withMark(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return MARK;
  if (Array.isArray(value)) {
    return value.map((member: unknown, index) =>
      String(index) === key ? withMark(member, rest) : member,
    );
  }
  const members = value as Readonly<Record<string, unknown>>;
  return { ...members, [key]: withMark(members[key], rest) };
}

/** A valid request of which one member is something else: the parts behind the first check are reached, too. */
export const mutilated = (valid: object): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...pathsOf(valid)), hostileValue)
    .map(([path, value]) =>
      JSON.stringify(withMark(valid, path)).replace(JSON.stringify(MARK), () => value),
    );

/** Whether something has reached what every object inherits from. */
export const isPolluted = (): boolean =>
  "polluted" in {} || Object.keys(Object.prototype).length > 0;
