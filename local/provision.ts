/** Makes the database and the containers of `infra/topology.json`, as `infra/` does in Azure. */
import {
  type ContainerDefinition,
  CosmosClient,
  PartitionKeyDefinitionVersion,
  PartitionKeyKind,
} from "@azure/cosmos";
import topology from "../infra/topology.json" with { type: "json" };

interface ContainerEntry {
  readonly name: string;
  readonly partitionKeyPaths: readonly string[];
  readonly defaultTtl: number;
  readonly indexingPolicy: object;
  readonly uniqueKeyPolicy?: object;
}

/** A topology entry as the Cosmos DB API wants it. */
export const toDefinition = (entry: ContainerEntry): ContainerDefinition => ({
  id: entry.name,
  partitionKey: {
    paths: [...entry.partitionKeyPaths],
    kind: entry.partitionKeyPaths.length > 1 ? PartitionKeyKind.MultiHash : PartitionKeyKind.Hash,
    version: PartitionKeyDefinitionVersion.V2,
  },
  defaultTtl: entry.defaultTtl,
  indexingPolicy: entry.indexingPolicy,
  ...(entry.uniqueKeyPolicy && {
    uniqueKeyPolicy: entry.uniqueKeyPolicy as NonNullable<ContainerDefinition["uniqueKeyPolicy"]>,
  }),
});

/** Safe to repeat: what is there stays as it is. */
export async function provision(connectionString: string): Promise<void> {
  const client = new CosmosClient(connectionString);
  try {
    const { database } = await client.databases.createIfNotExists({ id: topology.database });
    const entries: readonly ContainerEntry[] = Object.values(topology.containers);
    await Promise.all(
      entries.map((entry) => database.containers.createIfNotExists(toDefinition(entry))),
    );
  } finally {
    client.dispose();
  }
}
