/** The properties of an item that the service gives, and the checks of those that the client does. */
import { badRequest, tooLarge } from "../failure.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Container, Revision } from "../storage/container.ts";
import { itemRid } from "../storage/resource-ids.ts";

export const SYSTEM_PROPERTIES = ["_rid", "_self", "_etag", "_attachments", "_ts"] as const;

const MAX_ITEM_BYTES = 2 * 1024 * 1024;

const MAX_ID_BYTES = 1023;

/** @throws {CosmosFailure} 400 – no object, no id, or an id that cannot stand in a link */
export function requireItem(body: Json | undefined): JsonObject & { readonly id: string } {
  const id = isObject(body) ? body["id"] : undefined;
  if (typeof id !== "string" || id === "") {
    throw badRequest(
      "The input content is invalid because the required properties - 'id; ' - are missing.",
    );
  }
  if (/[/\\?#]/.test(id) || Buffer.byteLength(id) > MAX_ID_BYTES) {
    throw badRequest("Id contains illegal chars or is longer than 1023 bytes.");
  }
  return body as JsonObject & { id: string };
}

/** Differs for every change in a container; quoted, as in the header. */
export const newEtag = (lsn: number, sequence: number): string => {
  const digits = (value: number, length: number): string =>
    value.toString(16).padStart(length, "0");
  return `"${digits(lsn, 8)}-0000-${digits(sequence, 4)}-0000-000000000000"`;
};

export interface StampedItem {
  readonly etag: string;
  readonly seq: number;
  /** JSON text. */
  readonly body: string;
}

/**
 * @param item its number in the container
 * @throws {CosmosFailure} 413 – the document is too large
 */
export function stamp(
  container: Container,
  revision: Revision,
  item: number,
  document: JsonObject,
): StampedItem {
  const seq = revision.nextSequence();
  const etag = newEtag(revision.lsn, seq);
  const rid = itemRid(container.rid, item);
  const body = JSON.stringify({
    ...document,
    // Only the change feed tells it.
    _lsn: undefined,
    _rid: rid,
    _self: `${container.self}docs/${rid}/`,
    _etag: etag,
    _attachments: "attachments/",
    _ts: revision.timestamp,
  });
  if (Buffer.byteLength(body) > MAX_ITEM_BYTES) throw tooLarge();
  return { etag, seq, body };
}
