/** Status feeds of creators, as append-only logs in the container `status-feeds`. */
import topology from "../../../infra/topology.json" with { type: "json" };
import type { Clock } from "../../kernel/ports.ts";
import type { AppendLog, NumberedEntry } from "../../platform/cosmos/append-log.ts";
import { groupBy } from "../../kernel/group-by.ts";
import type { NumberedStatusEntry, StatusEntry, StatusFeed } from "../domain/read-ports.ts";

const toEntry = ({ number, payload }: NumberedEntry<StatusEntry>): NumberedStatusEntry => ({
  ...payload,
  number,
});

/** Seconds that are left of the time an entry is kept. */
const secondsLeft = ({ updatedAt }: StatusEntry, now: number): number =>
  Math.max(
    1,
    topology.containers.statusFeeds.defaultTtl - Math.max(0, Math.floor((now - updatedAt) / 1000)),
  );

export const createCosmosStatusFeed = (log: AppendLog, clock: Clock): StatusFeed => ({
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
  eraseDestinations: (creator, shipmentId, places) =>
    log.amend<StatusEntry>(creator, shipmentId, (entry) => ({
      payload: {
        ...entry,
        recipients: entry.recipients.map((it, place) =>
          places.has(place) ? { ...it, destination: "" } : it,
        ),
      },
      ttlInSeconds: secondsLeft(entry, clock.now()),
    })),
});
