/** Reconciliation in Cosmos DB: its own state, and looks across partitions, page by page. */
import { numbersOf } from "../../platform/cosmos/append-log-entries.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type {
  ParkedChange,
  Reconciliation,
  ReconciliationState,
} from "../domain/reconciliation.ts";
import { type EventDocument, fromDocument } from "./event-document.ts";

export interface ReconciliationDocuments {
  readonly events: Documents;
  readonly feeds: Documents;
  readonly ledgers: Documents;
  readonly parkedChanges: Documents;
}

const LEDGER = "reconciliation";
const STATE_ID = "events";

/** Events that are looked at in one go. */
const PAGE_SIZE = 100;

/** Parked changes that are looked at in one run: there are none, or somebody is about to look at them. */
const MAX_PARKED = 500;

interface ParkedDocument extends Pick<ParkedChange, "projection" | "subject"> {
  readonly id: string;
  readonly _ts: number;
}

const stateIn = (ledgers: Documents): Pick<Reconciliation, "load" | "save"> => ({
  async load() {
    const found = await ledgers.read<ReconciliationState>(LEDGER, STATE_ID);
    return found?.document;
  },
  async save({ upTo, stretch }) {
    await ledgers.upsert({ id: STATE_ID, ledger: LEDGER, upTo, ...(stretch && { stretch }) });
  },
});

const parkedIn = (
  parkedChanges: Documents,
): Pick<Reconciliation, "parked" | "isParked" | "unpark"> => ({
  async parked() {
    const page = await parkedChanges.page<ParkedDocument>(
      undefined,
      { query: "SELECT * FROM c" },
      { limit: MAX_PARKED },
    );
    return page.documents.map(({ id, projection, subject, _ts }) => ({
      projection,
      subject,
      key: id,
      parkedAt: _ts * 1000,
    }));
  },
  isParked: async (projection, key) =>
    (await parkedChanges.read<ParkedDocument>(projection, key)) !== undefined,
  unpark: ({ projection, key }) => parkedChanges.delete(projection, key),
});

export const createCosmosReconciliation = ({
  events,
  feeds,
  ledgers,
  parkedChanges,
}: ReconciliationDocuments): Reconciliation => ({
  ...stateIn(ledgers),
  ...parkedIn(parkedChanges),
  async storedBetween(from, to, continuation) {
    const page = await events.page<EventDocument>(
      undefined,
      {
        query:
          "SELECT * FROM c WHERE c.kind = 'event' AND c.registeredAt > @from AND c.registeredAt <= @to",
        parameters: [
          { name: "@from", value: from },
          { name: "@to", value: to },
        ],
      },
      { limit: PAGE_SIZE, ...(continuation !== undefined && { continuation }) },
    );
    return {
      events: page.documents.map(fromDocument),
      ...(page.continuation !== undefined && { continuation: page.continuation }),
    };
  },
  async missingFrom(feed, keys) {
    const known = await numbersOf(feeds, feed, undefined, keys);
    return new Set(keys.filter((key) => !known.has(key)));
  },
});
