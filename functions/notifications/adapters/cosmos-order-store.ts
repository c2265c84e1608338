/** Orders in Cosmos DB; the logical partition of a chain holds its orders and their notifications. */
import type { Clock } from "../../kernel/ports.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import { chainIdFor } from "../domain/chain-id.ts";
import type { Chain } from "../domain/order.ts";
import type { NewChain, OrderStore, RegistrationOutcome } from "../domain/ports.ts";
import { partitionOf } from "../domain/shipment-id.ts";
import { notificationsIn } from "./cosmos-notifications.ts";
import {
  CHAIN_DOCUMENT_ID,
  type ChainDocument,
  type OrderDocument,
  orderIn,
  toChainDocument,
  toNotificationDocument,
  toOrderDocument,
} from "./order-document.ts";
import { createOverdueQuery } from "./overdue-query.ts";
import { createReferenceIndex, type ReferenceIndex } from "./reference-index.ts";
import { createOperation, replaceTogether } from "./versioned-writes.ts";

type Chains = Pick<
  OrderStore,
  "register" | "findChain" | "getChain" | "getOrder" | "listOrdersOfChain" | "replaceOrder"
>;

function chainsIn(documents: Documents, index: ReferenceIndex, clock: Clock): Chains {
  const getChain = async (id: string): Promise<Chain | undefined> => {
    const found = await documents.read<ChainDocument>(partitionOf(id), CHAIN_DOCUMENT_ID);
    return found?.document.chain;
  };

  return {
    getChain,
    findChain: (creator, type, idempotencyId) => getChain(chainIdFor(creator, type, idempotencyId)),

    async register({ chain, orders, notifications = [] }: NewChain): Promise<RegistrationOutcome> {
      // The pointers first: one without an order is passed over, an order without a pointer could not be found.
      await index.add(orders);
      const outcome = await documents.batch(partitionOf(chain.id), [
        createOperation(toChainDocument(chain, orders, clock.now())),
        ...orders.map((order) => createOperation(toOrderDocument(order, clock.now()))),
        ...notifications.map((it) => createOperation(toNotificationDocument(it, clock.now()))),
      ]);
      if (outcome.kind === "committed") return { kind: "registered" };
      const known = await getChain(chain.id);
      if (!known) throw new Error("A chain was refused that is not there");
      return known.payloadHash === chain.payloadHash
        ? { kind: "repeated", known }
        : { kind: "conflict" };
    },

    async getOrder(id) {
      return orderIn(await documents.read(partitionOf(id), id.toLowerCase()));
    },

    async listOrdersOfChain(id) {
      const found = await documents.query<OrderDocument>(partitionOf(id), {
        query: `SELECT * FROM c WHERE c.subject = @subject AND c.kind = "order"`,
        parameters: [{ name: "@subject", value: partitionOf(id) }],
      });
      return found.map(({ order }) => order).sort((a, b) => (a.id < b.id ? -1 : 1));
    },

    async replaceOrder({ value, version }) {
      const document = toOrderDocument(value, clock.now());
      const versions = await replaceTogether(documents, [{ document, version }]);
      return versions === "outdated" ? versions : { value, version: versions[0] ?? "" };
    },
  };
}

export function createCosmosOrderStore(
  documents: Documents,
  references: Documents,
  clock: Clock,
): OrderStore {
  const index = createReferenceIndex(references, clock);
  const chains = chainsIn(documents, index, clock);
  return {
    ...chains,
    ...notificationsIn(documents, clock),
    listOverdue: createOverdueQuery(documents),

    async listByReference(creator, sendersReference, page) {
      const found = await index.list(creator, sendersReference, page);
      const orders = await Promise.all(found.ids.map((id) => chains.getOrder(id)));
      return {
        ...found.next,
        orders: orders.flatMap((order) => (order?.value.creator === creator ? [order.value] : [])),
      };
    },
  };
}
