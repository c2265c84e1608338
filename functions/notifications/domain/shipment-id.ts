/** Ids that carry their partition: the last byte of a UUID is the place in the chain, the rest names the chain. */

/** The main order of a chain; reminders follow from 1. */
export const MAIN_PLACE = 0;

/** As many reminders as one chain may have: it is stored in one batch of a hundred, the chain and its main order too. */
export const MAX_REMINDERS = 98;

const CHAIN_BYTE = "ff";

const withLastByte = (uuid: string, byte: string): string => `${uuid.slice(0, -2)}${byte}`;

/** The logical partition that holds everything of a chain; the same for all its ids, in lower case. */
export const partitionOf = (id: string): string => withLastByte(id.toLowerCase(), "00");

/** The id of an order by its place in the chain, 0 for the main order. */
export const shipmentIdOf = (id: string, place: number): string =>
  withLastByte(id.toLowerCase(), place.toString(16).padStart(2, "0"));

/** The id of the chain itself, which callers know as `notificationOrderId`. */
export const chainIdOf = (id: string): string => withLastByte(id.toLowerCase(), CHAIN_BYTE);

/** Whether an id names a chain rather than one of its orders. */
export const isChainId = (id: string): boolean => id.toLowerCase().endsWith(CHAIN_BYTE);

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID in its usual spelling. */
export const isUuid = (text: string): boolean => uuidPattern.test(text);
