/** Deliveries in Cosmos DB, in the logical partition of their subscription. */
import type { SqlQuerySpec } from "@azure/cosmos";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { Delivery } from "../domain/delivery.ts";
import type { DeliveryLog, DeliverySelection } from "../domain/ports.ts";

interface DeliveryDocument extends Delivery {
  readonly id: string;
  readonly subscription: string;
}

type Values = Readonly<Record<string, string | number>>;

const fromDocument = (document: DeliveryDocument): Delivery => ({
  subscriptionId: document.subscriptionId,
  key: document.key,
  eventId: document.eventId,
  subject: document.subject,
  sequence: document.sequence,
  registeredAt: document.registeredAt,
  state: document.state,
  attempts: document.attempts,
  earlierAttempts: document.earlierAttempts,
  round: document.round,
  ...(document.decision && { decision: document.decision }),
  updatedAt: document.updatedAt,
});

const toDocument = (delivery: Delivery): DeliveryDocument => ({
  ...delivery,
  id: delivery.key,
  subscription: String(delivery.subscriptionId),
});

const queryOf = (what: string, where: string, values: Values): SqlQuerySpec => ({
  query: `SELECT ${what} FROM c WHERE c.subscription = @subscription ${where}`,
  parameters: Object.entries(values).map(([name, value]) => ({ name: `@${name}`, value })),
});

/** The rest of a query for a selection. */
function selecting(what: string, selection: DeliverySelection, rest = "", more: Values = {}) {
  const { subscriptionId, states, from, to, round } = selection;
  const names = states.map((_, index) => `@state${index}`).join(", ");
  const where = `AND c.state IN (${names}) AND c.registeredAt >= @from AND c.registeredAt <= @to AND c.round != @round ${rest}`;
  const stateValues = Object.fromEntries(states.map((state, index) => [`state${index}`, state]));
  const subscription = String(subscriptionId);
  return queryOf(what, where, { subscription, ...stateValues, from, to, round, ...more });
}

type Looking = Pick<
  DeliveryLog,
  "get" | "listOf" | "select" | "count" | "hasLater" | "hasDelivered"
>;

function createLooking(documents: Documents): Looking {
  const page = async (subscriptionId: number, query: SqlQuerySpec, limit: number) => {
    const found = await documents.page<DeliveryDocument>(String(subscriptionId), query, { limit });
    return found.documents.map(fromDocument);
  };
  const hasAny = async (subscriptionId: number, query: SqlQuerySpec): Promise<boolean> => {
    const found = await documents.page(String(subscriptionId), query, { limit: 1 });
    return found.documents.length > 0;
  };

  return {
    async get(subscriptionId, key) {
      const found = await documents.read<DeliveryDocument>(String(subscriptionId), key);
      return found && fromDocument(found.document);
    },
    listOf(subscriptionId, limit, state) {
      const ofState = state === undefined ? "" : "AND c.state = @state ";
      const query = queryOf("*", `${ofState}ORDER BY c.updatedAt DESC`, {
        subscription: String(subscriptionId),
        ...(state !== undefined && { state }),
      });
      return page(subscriptionId, query, limit);
    },
    select: (selection, limit) =>
      page(selection.subscriptionId, selecting("*", selection, "ORDER BY c.registeredAt"), limit),
    async count(selection) {
      const partition = String(selection.subscriptionId);
      const [count = 0] = await documents.query<number>(
        partition,
        selecting("VALUE COUNT(1)", selection),
      );
      return count;
    },
    hasLater: (selection, { subject, sequence }) =>
      hasAny(
        selection.subscriptionId,
        selecting("c.id", selection, "AND c.subject = @subject AND c.sequence > @sequence", {
          subject,
          sequence,
        }),
      ),
    hasDelivered: (subscriptionId, since) =>
      hasAny(
        subscriptionId,
        queryOf("c.id", "AND c.state = 'delivered' AND c.updatedAt >= @since", {
          subscription: String(subscriptionId),
          since,
        }),
      ),
  };
}

export const createCosmosDeliveryLog = (documents: Documents): DeliveryLog => ({
  ...createLooking(documents),
  put: (delivery) => documents.upsert(toDocument(delivery)),
  async move(before, after) {
    const partition = String(before.subscriptionId);
    const found = await documents.read<DeliveryDocument>(partition, before.key);
    if (found?.document.state !== before.state || found.document.round !== before.round) return;
    // Changed between the two: whoever did so knows better.
    await documents.replace(partition, before.key, toDocument(after), found.etag);
  },
});
