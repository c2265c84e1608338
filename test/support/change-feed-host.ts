/** A Cosmos DB in memory and hosts whose functions follow one of its containers, for one test. */
import type { CosmosDBv4FunctionOptions, InvocationContext } from "@azure/functions";
import { type Container, PartitionKeyDefinitionVersion } from "@azure/cosmos";
import { setStage, type Stage } from "../../local/cosmos/test-support.ts";
import {
  createInlet,
  type Inlet,
  startTestHost,
  type TestHost,
  type TestHostOptions,
} from "../../local/host/test-host.ts";

export interface Change {
  readonly id: string;
  readonly pk: string;
  readonly n: number;
}

export type Trigger = Partial<Omit<CosmosDBv4FunctionOptions, "handler">>;

export interface FollowingHost extends TestHost {
  /** The batches, as the function got them. */
  readonly batches: Inlet<readonly Change[]>;
}

export interface Following extends Stage {
  /** `things`: what is followed. */
  readonly things: Container;
  readonly leases: Container;
  /** Starts another host with the function `Follow`. */
  readonly follow: (
    trigger?: Trigger,
    handler?: (documents: readonly Change[], context: InvocationContext) => unknown,
    options?: TestHostOptions,
  ) => Promise<FollowingHost>;
  readonly create: (...changes: readonly Change[]) => Promise<void>;
}

export async function startFollowing(): Promise<Following> {
  const stage = await setStage();
  const things = await stage.createContainer();
  const leases = await stage.createContainer({
    id: "leases",
    partitionKey: { paths: ["/id"], version: PartitionKeyDefinitionVersion.V2 },
  });
  const { cosmos, clock } = stage;
  const settings = { Cosmos: `AccountEndpoint=${cosmos.endpoint};AccountKey=${cosmos.key};` };
  return {
    ...stage,
    things,
    leases,
    async follow(trigger = {}, handler = () => undefined, options = {}) {
      const batches = createInlet<readonly Change[]>();
      const running = await startTestHost(
        (app) => {
          app.cosmosDB("Follow", {
            connection: "Cosmos",
            databaseName: "stage",
            containerName: "things",
            startFromBeginning: true,
            feedPollDelay: 100,
            ...trigger,
            handler: async (documents: unknown[], context: InvocationContext) => {
              const changes = documents as readonly Change[];
              batches.put(changes);
              await handler(changes, context);
            },
          });
        },
        { settings, clock, ...options },
      );
      return { ...running, batches };
    },
    async create(...changes) {
      for (const change of changes) await things.items.create(change);
    },
  };
}

/** Changes of one partition, in order. */
export const changesOf = (pk: string, count: number, from = 1): readonly Change[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${pk}-${from + index}`,
    pk,
    n: from + index,
  }));

/** Takes batches until there are that many changes. */
export async function takeChanges(
  batches: Inlet<readonly Change[]>,
  count: number,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  while (changes.length < count) changes.push(...(await batches.take()));
  return changes;
}
