import { expect, onTestFinished, test } from "vitest";
import { type DatabaseFile, openDatabaseFile } from "./database-file.ts";

function openTable(): DatabaseFile {
  const file = openDatabaseFile(":memory:");
  onTestFinished(() => {
    file.close();
  });
  file.exec("CREATE TABLE notes (text TEXT)");
  return file;
}

const add = (file: DatabaseFile, text: string): void => {
  file.prepare("INSERT INTO notes VALUES (?)").run(text);
};

const notes = (file: DatabaseFile): unknown[] =>
  file
    .prepare("SELECT text FROM notes")
    .all()
    .map(({ text }) => text);

test("transactions of one turn share a commit, and one that fails takes back only its own", async () => {
  const file = openTable();
  let commitCount = 0;
  const subject = {};
  const note = (text: string, isGood = true): void => {
    file.transaction(() => {
      add(file, text);
      if (!isGood) throw new Error("bad");
    });
    file.beforeCommit(subject, () => commitCount++);
  };

  note("first");
  expect(() => {
    note("second", false);
  }).toThrow("bad");
  note("third");
  await file.committed();

  expect(notes(file)).toEqual(["first", "third"]);
  expect(commitCount).toBe(1);
  expect(file.committed()).toBeUndefined();
});

test("what is not yet committed is, when the file is closed", async () => {
  const file = openDatabaseFile(":memory:");
  file.exec("CREATE TABLE notes (text TEXT)");
  file.transaction(() => {
    add(file, "last");
  });
  const committed = file.committed();

  file.close();

  await expect(committed).resolves.toBeUndefined();
});

test("when the disk is full, whoever shares the commit is told so, and nothing more is promised", async () => {
  const file = openTable();
  file.exec("PRAGMA max_page_count = 20");
  file.transaction(() => {
    add(file, "small");
  });
  const shared = file.committed();

  expect(() => {
    file.transaction(() => {
      add(file, "x".repeat(1_000_000));
    });
  }).toThrow("full");

  const outcome = await Promise.allSettled([shared]);
  const isKept = notes(file).includes("small");
  expect(outcome[0].status).toBe(isKept ? "fulfilled" : "rejected");
});
