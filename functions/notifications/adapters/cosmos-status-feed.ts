/** Status feeds of creators, as append-only logs in the container `status-feeds`. */
import type { AppendLog, NumberedEntry } from "../../platform/cosmos/append-log.ts";
import { groupBy } from "../../kernel/group-by.ts";
import type { NumberedStatusEntry, StatusEntry, StatusFeed } from "../domain/read-ports.ts";

const toEntry = ({ number, payload }: NumberedEntry<StatusEntry>): NumberedStatusEntry => ({
  ...payload,
  number,
});

export const createCosmosStatusFeed = (log: AppendLog): StatusFeed => ({
  async append(entries) {
    const distinct = new Map(entries.map((entry) => [entry.shipmentId, entry]));
    const byCreator = groupBy(distinct.values(), ({ creator }) => creator);
    for (const [creator, group] of byCreator) {
      await log.append(
        creator,
        group.map((entry) => ({ id: entry.shipmentId, payload: entry })),
      );
    }
  },
  read: async (creator, after, limit) =>
    (await log.read<StatusEntry>(creator, after, limit)).map(toEntry),
  readBack: async (creator, before, limit) =>
    (await log.readBack<StatusEntry>(creator, before, limit)).map(toEntry),
  lastNumber: (creator) => log.lastNumber(creator),
});
