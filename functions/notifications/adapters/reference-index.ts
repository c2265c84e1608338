/** From a creator's own reference to its orders: small pointers, written before the orders they point to. */
import { derivedKey } from "../../kernel/derived-id.ts";
import type { Clock } from "../../kernel/ports.ts";
import { pageFrom } from "../../platform/cosmos/continuation.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { Order } from "../domain/order.ts";

interface Pointer {
  readonly id: string;
  readonly key: string;
  readonly createdAt: number;
  readonly ttl: number;
}

const DAY_IN_SECONDS = 24 * 60 * 60;

/** A little longer than any order is kept. */
const RETENTION_IN_SECONDS = 200 * DAY_IN_SECONDS;

/** Hashed: a reference may hold any character, and any length. */
const keyOf = (creator: string, sendersReference: string): string =>
  derivedKey(creator, sendersReference.replaceAll("\0", "\\0"));

const toPointer = (order: Order, sendersReference: string, now: number): Pointer => ({
  id: order.id,
  key: keyOf(order.creator, sendersReference),
  createdAt: order.createdAt,
  ttl: RETENTION_IN_SECONDS + Math.ceil(Math.max(0, order.requestedSendAt - now) / 1000),
});

export interface ReferenceIndex {
  /** Safe to repeat. */
  add(orders: readonly Order[]): Promise<void>;
  /** Ids of orders, newest first. */
  list(
    creator: string,
    sendersReference: string,
    page: { readonly limit: number; readonly continuation?: string },
  ): Promise<{ readonly ids: readonly string[]; readonly next: { continuation?: string } }>;
}

export const createReferenceIndex = (documents: Documents, clock: Clock): ReferenceIndex => ({
  async add(orders) {
    const pointers = orders.flatMap((order) =>
      order.sendersReference === undefined
        ? []
        : [toPointer(order, order.sendersReference, clock.now())],
    );
    await Promise.all(pointers.map((pointer) => documents.upsert(pointer)));
  },
  async list(creator, sendersReference, page) {
    const key = keyOf(creator, sendersReference);
    const query = {
      query: "SELECT c.id FROM c WHERE c.key = @key ORDER BY c.createdAt DESC",
      parameters: [{ name: "@key", value: key }],
    };
    const found = await pageFrom(page.continuation, () =>
      documents.page<Pointer>(key, query, page),
    );
    return {
      ids: found.documents.map(({ id }) => id),
      next: found.continuation === undefined ? {} : { continuation: found.continuation },
    };
  },
});
