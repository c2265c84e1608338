/** What the handlers of requests share: the file, what is in it, and the few things that remember. */
import type { Clock } from "../clock.ts";
import { createPlacer } from "./partition/effective-partition-key.ts";
import type { PartitionKey } from "./partition/partition-key.ts";
import { createPartitionRanges, type PartitionRanges } from "./partition/ranges.ts";
import { createParser } from "./query/parse-query.ts";
import type { Query } from "./query/syntax.ts";
import { type ContainerCatalog, openContainerCatalog } from "./storage/container-catalog.ts";
import { type DatabaseCatalog, openDatabaseCatalog } from "./storage/database-catalog.ts";
import { type DatabaseFile, openDatabaseFile } from "./storage/database-file.ts";
import { createIndexKeeper, type EnsureIndex } from "./storage/item-indexes.ts";

export interface Store {
  readonly file: DatabaseFile;
  readonly databases: DatabaseCatalog;
  readonly containers: ContainerCatalog;
  readonly ranges: PartitionRanges;
  readonly ensureIndex: EnsureIndex;
  readonly parse: (text: string) => Query;
  readonly epkOf: (key: PartitionKey, text: string) => string;
  /** Seconds since the epoch, the unit of `_ts` and `ttl`. */
  readonly timestamp: () => number;
  close(): void;
}

/** @param fileName a path, or ":memory:" */
export function openStore(fileName: string, rangeCount: number, clock: Clock): Store {
  const ranges = createPartitionRanges(rangeCount);
  const file = openDatabaseFile(fileName);
  const databases = openDatabaseCatalog(file);
  return {
    file,
    ranges,
    databases,
    containers: openContainerCatalog(file, databases),
    ensureIndex: createIndexKeeper(file),
    parse: createParser(),
    epkOf: createPlacer(),
    timestamp: () => Math.floor(clock.now() / 1000),
    close: () => {
      file.close();
    },
  };
}
