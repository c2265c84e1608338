/**
 * Putting entries into the log of notifications: what is likely is tried first, so that it is one request.
 *
 * An entry is changed soon after it was written, and mostly by the instance that wrote it: that one remembers the
 * version, and nothing of the person. Where the memory is wrong or has nothing, the database says so, and only then the
 * entry is read.
 */
import { isDeepStrictEqual } from "node:util";
import type { OperationInput } from "@azure/cosmos";
import { RetryLater } from "../../kernel/failures.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { Evidence } from "../domain/delivery-status.ts";
import {
  isNoOlder,
  keysOf,
  type LoggedNotification,
  type LogKey,
} from "../domain/notification-log.ts";

export interface EntryDocument {
  readonly id: string;
  readonly recipient: LogKey;
  readonly requestedSendAt: number;
  readonly ttl: number;
  readonly entry: LoggedNotification;
}

/** How far an entry was when it was stored. */
interface Version extends Evidence {
  readonly etag: string;
}

/** Others who write the same entry at the same time. */
const MAX_RACES = 10;

/** Most versions remembered: at full load those of the last minute. */
const MAX_REMEMBERED = 10_000;

/** 404 and 412: it is not what it was; 409: it is there already. */
const lostRaces: readonly number[] = [404, 409, 412];

const toOperation = (document: EntryDocument, etag: string | undefined): OperationInput => {
  const resourceBody = document as never;
  return etag === undefined
    ? { operationType: "Create", resourceBody }
    : { operationType: "Replace", id: document.id, ifMatch: etag, resourceBody };
};

/** @returns the etag of what is written; `undefined` when what is there is not what it was thought to be */
async function write(
  documents: Documents,
  document: EntryDocument,
  etag: string | undefined,
): Promise<string | undefined> {
  // A batch, though of one: of all writes it alone tells the new version.
  const outcome = await documents.batch(document.recipient, [toOperation(document, etag)]);
  if (outcome.kind === "committed") return outcome.etags[0];
  const [status = 0] = outcome.statuses;
  if (lostRaces.includes(status)) return undefined;
  throw new Error(`The database refuses an entry of the log: ${status}`);
}

/** Of too many the oldest is forgotten. */
function createMemory() {
  const versions = new Map<string, Version>();
  return {
    get: (key: string): Version | undefined => versions.get(key),
    set(key: string, { status, at, etag }: Version): void {
      versions.delete(key);
      versions.set(key, { status, at, etag });
      const [oldest] = versions.keys();
      if (versions.size > MAX_REMEMBERED && oldest !== undefined) versions.delete(oldest);
    },
  };
}

/** Puts an entry under each of its keys, unless what is there says as much or more. Safe to repeat, in any order. */
export function createPutEntry(
  documents: Documents,
): (entry: LoggedNotification, ttlInSeconds: number) => Promise<void> {
  const memory = createMemory();

  const putUnderKey = async (name: string, document: EntryDocument): Promise<void> => {
    const { id, recipient, entry } = document;
    let version = memory.get(name);
    for (let races = 0; races < MAX_RACES; races++) {
      if (version && !isNoOlder(version, entry)) return;
      const etag = await write(documents, document, version?.etag);
      if (etag !== undefined) {
        memory.set(name, { ...entry, etag });
        return;
      }
      const found = await documents.read<EntryDocument>(recipient, id);
      if (found && isDeepStrictEqual(found.document.entry, entry)) return;
      version = found && { ...found.document.entry, etag: found.etag };
    }
    throw new RetryLater(2, "Many write the same entry of the log at the same time");
  };

  return async (entry, ttl) => {
    const { notificationId: id, requestedSendAt } = entry;
    for (const [place, recipient] of keysOf(entry).entries()) {
      await putUnderKey(`${id}/${place}`, { id, recipient, requestedSendAt, ttl, entry });
    }
  };
}
