/** Every problem that a caller can meet is explained, and nothing is explained that nobody meets. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notificationProblems } from "../../functions/notifications/triggers/answers.ts";
import { problems } from "../../functions/platform/http/problem.ts";

test("the codes, with their statuses, are those of docs/problems.md", async () => {
  const path = join(import.meta.dirname, "../../docs/problems.md");
  const rows = [...(await readFile(path, "utf8")).matchAll(/^\| `([^`]+)` +\| (\d{3}) /gm)];
  const explained = rows.map(([, code, status]) => `${code ?? ""} ${status ?? ""}`);
  const known = Object.entries({ ...problems, ...notificationProblems }).map(
    ([code, { status }]) => `${code} ${status}`,
  );

  expect(explained.toSorted()).toEqual(known.toSorted());
});
