/** Status feeds of creators, as append-only logs in the container `status-feeds`. */
import type { AppendLog } from "../../platform/cosmos/append-log.ts";
import { groupBy } from "../../kernel/group-by.ts";
import type { StatusEntry, StatusFeed } from "../domain/read-ports.ts";

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
  async read(creator, after, limit) {
    const entries = await log.read<StatusEntry>(creator, after, limit);
    return entries.map(({ number, payload }) => ({ ...payload, number }));
  },
  lastNumber: (creator) => log.lastNumber(creator),
});
