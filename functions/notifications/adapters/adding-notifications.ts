/** Adds the notifications of an order and changes it with the last of them: as many batches as that takes, in a row. */
import type { OperationInput } from "@azure/cosmos";
import type { Clock } from "../../kernel/ports.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { Notification } from "../domain/notification.ts";
import type { Order } from "../domain/order.ts";
import type { Change, Versioned } from "../domain/ports.ts";
import { partitionOf } from "../domain/shipment-id.ts";
import { type OrderDocument, toNotificationDocument, toOrderDocument } from "./order-document.ts";
import { createOperation, replaceOperation, toChange } from "./versioned-writes.ts";

/** A batch takes a hundred operations; one is left for the order. */
const MAX_COUNT = 99;

/** A batch takes 2 MB; half of it is left for the order and for what surrounds the documents. */
const MAX_CHARACTERS = 500_000;

type Batch = readonly OperationInput[];

/** In order, at least one; texts of their own make notifications large. */
function batchesOf(notifications: readonly Notification[], now: number): readonly Batch[] {
  const batches: OperationInput[][] = [];
  let current: OperationInput[] = [];
  let size = 0;
  for (const notification of notifications) {
    const document = toNotificationDocument(notification, now);
    const { length } = JSON.stringify(document);
    if (current.length === MAX_COUNT || (current.length > 0 && size + length > MAX_CHARACTERS)) {
      batches.push(current);
      current = [];
      size = 0;
    }
    current.push(createOperation(document));
    size += length;
  }
  return [...batches, current];
}

/** Not safe to repeat: a notification that is there already refuses its batch. */
export type AddNotifications = (
  order: Versioned<Order>,
  notifications: readonly Notification[],
) => Promise<Change>;

export function createAddNotifications(documents: Documents, clock: Clock): AddNotifications {
  /** Each batch holds only for the version that the one before has made: nobody comes in between. */
  const addFirst = async (
    { value: { id }, version }: Versioned<Order>,
    batches: readonly Batch[],
  ): Promise<string | undefined> => {
    const before = await documents.read<OrderDocument>(partitionOf(id), id);
    if (before?.etag !== version) return undefined;
    const same = toOrderDocument(before.document.order, clock.now());
    let current = version;
    for (const batch of batches) {
      const operations = [...batch, replaceOperation(same, current)];
      const outcome = await documents.batch(partitionOf(id), operations);
      const next = outcome.kind === "committed" ? outcome.etags.at(-1) : undefined;
      if (next === undefined) return undefined;
      current = next;
    }
    return current;
  };

  return async (order, notifications) => {
    const { value, version } = order;
    const batches = batchesOf(notifications, clock.now());
    const first = batches.slice(0, -1);
    const current = first.length === 0 ? version : await addFirst(order, first);
    if (current === undefined) return "outdated";
    const change = replaceOperation(toOrderDocument(value, clock.now()), current);
    const operations = [...(batches.at(-1) ?? []), change];
    return toChange((await documents.batch(partitionOf(value.id), operations)).kind);
  };
}
