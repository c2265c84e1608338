/**
 * What operations cost: the documented figures for items of some sizes, and what lies between them. A change is charged as
 * taking out and putting in, since it is not documented.
 */
import type { ItemOperationType } from "./items/item-operations.ts";

const BYTES_PER_KB = 1024;

interface Figure {
  readonly kilobytes: number;
  readonly charge: number;
}

/** @see https://learn.microsoft.com/azure/cosmos-db/request-units */
const READ: readonly Figure[] = [
  { kilobytes: 1, charge: 1 },
  { kilobytes: 4, charge: 1.14 },
  { kilobytes: 16, charge: 1.67 },
  { kilobytes: 100, charge: 10 },
];

const WRITE: readonly Figure[] = [
  { kilobytes: 1, charge: 4.95 },
  { kilobytes: 4, charge: 6.67 },
  { kilobytes: 16, charge: 9.52 },
  { kilobytes: 100, charge: 50 },
];

const CHANGE_FACTOR = 2;

const QUERY = 2.25;

const SCANNED_ITEM = 0.03;

const SCANNED_BYTE = 1 / 20_480;

/** For whatever is not about items. */
export const METADATA_CHARGE = 1;

/** For an operation that was refused. */
export const FAILED_CHARGE = 1;

const toHundredths = (charge: number): number => Math.round(charge * 100) / 100;

/** Straight between two figures; below the first as that, beyond the last on as before it. */
function chargeFor(figures: readonly Figure[], size: number): number {
  const kilobytes = Math.max(1, Math.ceil(size / BYTES_PER_KB));
  const above = figures.findIndex((figure, at) => at > 0 && figure.kilobytes >= kilobytes);
  const [low, high] = above < 0 ? figures.slice(-2) : figures.slice(above - 1, above + 1);
  if (!low || !high) return 0;
  const slope = (high.charge - low.charge) / (high.kilobytes - low.kilobytes);
  return low.charge + (kilobytes - low.kilobytes) * slope;
}

/** @param size bytes of the item */
export function operationCharge(type: ItemOperationType, size: number): number {
  if (type === "Read") return toHundredths(chargeFor(READ, size));
  const isChange = type !== "Create" && type !== "Delete";
  return toHundredths(chargeFor(WRITE, size) * (isChange ? CHANGE_FACTOR : 1));
}

/** @param bytes of the items that were looked at */
export const queryCharge = (itemCount: number, bytes: number): number =>
  toHundredths(QUERY + itemCount * SCANNED_ITEM + bytes * SCANNED_BYTE);
