/**
 * What operations cost. Not the service's exact figures, which are not published, but of their size and monotone in
 * that of the item: 1 KB read 1 RU, created about 6, replaced about 11.
 */
import type { ItemOperationType } from "./items/item-operations.ts";

const BYTES_PER_KB = 1024;

const WRITE_PER_KB = 0.95;

const CREATE_OR_DELETE = 5.3;

/** An item that was there has to be found and taken out of the indexes first. */
const CHANGE = 10.3;

const QUERY = 2.25;

const SCANNED_ITEM = 0.03;

const SCANNED_BYTE = 1 / 20_480;

/** For whatever is not about items. */
export const METADATA_CHARGE = 1;

/** For an operation that was refused. */
export const FAILED_CHARGE = 1;

const toHundredths = (charge: number): number => Math.round(charge * 100) / 100;

/** @param size bytes of the item */
export function operationCharge(type: ItemOperationType, size: number): number {
  const kilobytes = Math.max(1, Math.ceil(size / BYTES_PER_KB));
  if (type === "Read") return kilobytes;
  const base = type === "Create" || type === "Delete" ? CREATE_OR_DELETE : CHANGE;
  return toHundredths(base + kilobytes * WRITE_PER_KB);
}

/** @param bytes of the items that were looked at */
export const queryCharge = (itemCount: number, bytes: number): number =>
  toHundredths(QUERY + itemCount * SCANNED_ITEM + bytes * SCANNED_BYTE);
