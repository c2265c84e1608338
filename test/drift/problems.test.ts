/** `docs/problems.md` explains every problem that the code can answer, and no other. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { problems } from "../../functions/platform/http/problem.ts";

const page = readFileSync(new URL("../../docs/problems.md", import.meta.url), "utf8");
const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) +\| (.+?) +\| (.+?) +\|$/gm)];

test("every problem is explained with its status, and every explanation is of a problem", () => {
  const explained = rows.map(([, code = "", status]) => [code, Number(status)] as const);
  const known = Object.entries(problems).map(([code, { status }]) => [code, status] as const);

  expect(explained.toSorted()).toEqual(known.toSorted());
});

test("each explanation says what happened and what to do", () => {
  expect(rows.every(([, , , happened, remedy]) => happened && remedy)).toBe(true);
});
