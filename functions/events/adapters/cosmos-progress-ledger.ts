/**
 * Analytics in Cosmos DB. The instances of an app are spread over shards; a shard is one logical partition that holds its
 * instances and their tallies, so both change in one batch and a tally is never wrong, whatever is repeated or crashes.
 */
import type { OperationInput } from "@azure/cosmos";
import { derivedKey } from "../../kernel/derived-id.ts";
import { groupBy } from "../../kernel/group-by.ts";
import type { Documents, Versioned } from "../../platform/cosmos/documents.ts";
import {
  type DayTally,
  daysOf,
  emptyDay,
  type InstanceFact,
  type ProgressFact,
  type ProgressLedger,
  retally,
  withFacts,
} from "../domain/instance-progress.ts";

/** Shards of one app: at a kilobyte an instance they hold 300 million. The number is for ever. */
const SHARDS = 16;

/** Much longer than events are kept: what is forgotten here must not come again from there. */
const INSTANCE_TTL_IN_SECONDS = 400 * 24 * 3600;

/** How a lost race looks: the instance or a day was changed or created by somebody else. */
const raceStatuses = new Set([404, 409, 412, 424]);

const ledgerOf = (app: string, shard: number): string => `progress:${app}:${shard}`;

const shardOf = (instance: string): number =>
  Buffer.from(derivedKey(instance), "base64url").readUInt8(0) % SHARDS;

const toOperation = (id: string, etag: string | undefined, document: object): OperationInput => {
  const resourceBody = { ...document, id } as never;
  return etag === undefined
    ? { operationType: "Create", resourceBody }
    : { operationType: "Replace", id, ifMatch: etag, resourceBody };
};

function createRecorder(documents: Documents) {
  const readDays = async (ledger: string, days: ReadonlySet<string>) => {
    const found = await Promise.all(
      [...days].map(async (day): Promise<[string, Versioned<DayTally> | undefined]> => [
        day,
        await documents.read<DayTally>(ledger, `day-${day}`),
      ]),
    );
    return new Map(found);
  };

  /** @returns whether it is done; otherwise somebody else changed the shard at the same time */
  return async (
    ledger: string,
    instance: string,
    more: readonly ProgressFact[],
  ): Promise<boolean> => {
    const id = `instance-${derivedKey(instance)}`;
    const known = await documents.read<{ facts: readonly ProgressFact[] }>(ledger, id);
    const before = known?.document.facts ?? [];
    const facts = withFacts(before, more);
    if (facts.length === before.length) return true; // nothing that is not known
    const stored = await readDays(ledger, new Set([...daysOf(before), ...daysOf(facts)]));
    const tallies = retally(
      new Map([...stored].map(([day, it]) => [day, it?.document ?? emptyDay(day)])),
      before,
      facts,
    );
    const ttl = INSTANCE_TTL_IN_SECONDS;
    const outcome = await documents.batch(ledger, [
      toOperation(id, known?.etag, { ledger, facts, ttl }),
      ...[...tallies.values()].map(({ day, created, tasks }) =>
        toOperation(`day-${day}`, stored.get(day)?.etag, { ledger, day, created, tasks }),
      ),
    ]);
    if (outcome.kind === "committed") return true;
    const unforeseen = outcome.statuses.find((status) => !raceStatuses.has(status));
    if (unforeseen !== undefined) throw new Error(`The database refuses tallies: ${unforeseen}`);
    return false;
  };
}

export function createCosmosProgressLedger(documents: Documents): ProgressLedger {
  const recordOnce = createRecorder(documents);

  const recordShard = async (ledger: string, facts: readonly InstanceFact[]): Promise<void> => {
    for (const [instance, group] of groupBy(facts, (it) => it.instance)) {
      const theirs = group.map(({ fact }) => fact);
      while (!(await recordOnce(ledger, instance, theirs)));
    }
  };

  const readShard = (ledger: string, from: string, to: string) =>
    documents.query<DayTally>(ledger, {
      query:
        "SELECT c.day, c.created, c.tasks FROM c WHERE c.ledger = @ledger AND c.day >= @from AND c.day <= @to",
      parameters: [
        { name: "@ledger", value: ledger },
        { name: "@from", value: from },
        { name: "@to", value: to },
      ],
    });

  return {
    async record(facts) {
      const byLedger = groupBy(facts, ({ app, instance }) => ledgerOf(app, shardOf(instance)));
      await Promise.all([...byLedger].map(([ledger, group]) => recordShard(ledger, group)));
    },
    async read(app, from, to) {
      const shards = Array.from({ length: SHARDS }, (_, shard) => ledgerOf(app, shard));
      return (await Promise.all(shards.map((ledger) => readShard(ledger, from, to)))).flat();
    },
  };
}
