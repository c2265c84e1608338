/** A container while the server runs: its settings, its items, its counters. */
import type { JsonObject } from "../json.ts";
import type { ContainerSettings } from "./container-settings.ts";
import type { DatabaseFile } from "./database-file.ts";
import type { ItemTable } from "./item-table.ts";

export interface Container {
  readonly number: number;
  readonly id: string;
  readonly databaseId: string;
  readonly rid: string;
  readonly self: string;
  readonly items: ItemTable;
  settings: ContainerSettings;
  /** As clients see it. */
  document: JsonObject;
  /** Number of the last committed transaction. */
  lsn: number;
  /** Number of the newest item. */
  lastItem: number;
  /** It was deleted; a request that had waited must not go on. */
  isDeleted: boolean;
  /** Where the last sweep for expired items ended, and how many items there had been by then. */
  readonly sweep: { after: number; lastItem: number };
}

/** One transaction on a container: everything in it has one LSN, which is committed with it. */
export interface Revision {
  readonly lsn: number;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  /** Counts the changes within the transaction. */
  nextSequence(): number;
  nextItem(): number;
}

function saveCounters(file: DatabaseFile, container: Container): void {
  file.beforeCommit(container, () => {
    file
      .prepare("UPDATE containers SET lsn = ?, last_item = ? WHERE number = ?")
      .run(container.lsn, container.lastItem, container.number);
  });
}

/** Runs `work` as one transaction. If it throws, nothing is written and the counters are as before. */
export function revise<Result>(
  file: DatabaseFile,
  container: Container,
  timestamp: number,
  work: (revision: Revision) => Result,
): Result {
  const lsn = container.lsn + 1;
  let sequence = 0;
  let lastItem = container.lastItem;
  const result = file.transaction(() =>
    work({
      lsn,
      timestamp,
      nextSequence: () => sequence++,
      nextItem: () => ++lastItem,
    }),
  );
  container.lsn = lsn;
  container.lastItem = lastItem;
  saveCounters(file, container);
  return result;
}
