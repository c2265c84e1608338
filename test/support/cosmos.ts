/** A database in memory with the containers of the topology, for contract suites of adapters. */
import type { Database } from "@azure/cosmos";
import topology from "../../infra/topology.json" with { type: "json" };
import { connectCosmos } from "../../functions/platform/cosmos/client.ts";
import { type Documents, documentsOf } from "../../functions/platform/cosmos/documents.ts";
import { type Clock, systemClock } from "../../local/clock.ts";
import { type LocalCosmos, startCosmos } from "../../local/cosmos/server.ts";
import { provision } from "../../local/provision.ts";

export interface TestCosmos {
  readonly server: LocalCosmos;
  readonly database: Database;
  readonly documentsIn: (container: keyof typeof topology.containers) => Documents;
  readonly stop: () => Promise<void>;
}

/** @param file a path makes it durable */
export async function startTestCosmos(
  clock: Clock = systemClock,
  file = ":memory:",
): Promise<TestCosmos> {
  const server = await startCosmos({ file, port: 0, clock });
  const connectionString = `AccountEndpoint=${server.endpoint};AccountKey=${server.key};`;
  await provision(connectionString);
  const database = connectCosmos(
    { kind: "connection-string", connectionString },
    topology.database,
  );
  return {
    server,
    database,
    documentsIn: (container) =>
      documentsOf(database.container(topology.containers[container].name), clock),
    stop: async () => {
      database.client.dispose();
      await server.stop();
    },
  };
}
