/** No secret is in the tree: what looks like one is named here, with the reason why it is none. */
import { globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** What keys and tokens of known makers look like, and private keys of anybody. */
const patterns: Readonly<Record<string, RegExp>> = {
  "private key": /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/]{16}/,
  "private JWK": /"d"\s*:\s*"[\w-]{40,}"|\bd: "[\w-]{40,}"/,
  "key of an Azure service": /(?:AccountKey|SharedAccessKey|accesskey)=(?!\$)[A-Za-z0-9+/]{43}=/i,
  "Azure client secret": /\b[\w~.-]{3}8Q~[\w~.-]{31,34}\b/,
  "token of GitHub or npm": /\b(?:gh[pousr]_\w{36,}|github_pat_\w{60,}|npm_\w{36})\b/,
  "key of AWS": /\bAKIA[0-9A-Z]{16}\b/,
  "signed token": /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/,
};

/** File and kind → why it is no secret. */
const known: Readonly<Record<string, string>> = {
  "local/addresses.ts: private JWK": "of the client at the platform's stand-in, which takes any",
  "local/cosmos/test-certificate.ts: private key":
    "of a certificate that nobody trusts, for 127.0.0.1",
  "local.settings.sample.json: private JWK": "the same, in the sample",
};

const folders = [".ci", ".github", "bench", "docs", "functions", "infra", "local", "test", "tools"];

/** All that is kept in the repository; a machine's own settings are not. */
const tracked = globSync(["*.*", ...folders.map((it) => `${it}/**/*`)], {
  cwd: root,
  withFileTypes: true,
})
  .filter((entry) => entry.isFile())
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
  .filter((path) => path !== "package-lock.json" && path !== "local.settings.json");

const contentOf = (path: string): string => readFileSync(join(root, path), "utf8");

test("nothing in the tree looks like a secret, but for what is known to be none", () => {
  const found = tracked.flatMap((path) => {
    const content = contentOf(path);
    return Object.entries(patterns)
      .filter(([, pattern]) => pattern.test(content))
      .map(([kind]) => `${path}: ${kind}`);
  });

  expect(tracked.length).toBeGreaterThan(100);
  expect(found.filter((it) => !Object.hasOwn(known, it))).toEqual([]);
});

test("it would be found", () => {
  const samples = [
    `-----BEGIN PRIVATE KEY-----\n${"A".repeat(40)}`,
    `AccountKey=${"a".repeat(43)}=`,
    `ghp_${"a".repeat(36)}`,
    ["eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiJhIn0", "a".repeat(30)].join("."),
  ];
  const all = Object.values(patterns);

  expect(samples.filter((sample) => !all.some((pattern) => pattern.test(sample)))).toEqual([]);
});
