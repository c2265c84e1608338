/** Finds the monitored container and that of the leases, waiting for a Cosmos DB that does not answer yet. */
import { type Container, type Database, PartitionKeyDefinitionVersion } from "@azure/cosmos";
import { systemClock } from "../../clock.ts";
import { pause } from "../invocation/retry.ts";
import { type AppSettings, substitute } from "../settings/app-settings.ts";
import type { CosmosClients } from "./clients.ts";
import type { CosmosTriggerOptions } from "./trigger-options.ts";

const PAUSE_IN_MS = 100;

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | null)?.code;

const isStatus = (error: unknown, status: number): boolean => codeOf(error) === status;

/** Answered at all: any status of HTTP is an answer. */
const isAnswer = (error: unknown): boolean => typeof codeOf(error) === "number";

/** Sockets keep the machine's time, whatever clock the host has. */
async function patiently<Result>(
  patience: AbortSignal,
  action: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (isAnswer(error) || patience.aborted) throw error;
      if (!(await pause(systemClock, PAUSE_IN_MS, patience))) throw error;
    }
  }
}

async function existing(container: Container, patience: AbortSignal): Promise<string> {
  try {
    const { resource } = await patiently(patience, () => container.read());
    return resource?._rid ?? "";
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
    throw new Error(`Cosmos DB has no container "${container.id}".`, { cause: error });
  }
}

async function createLeases(database: Database, name: string): Promise<void> {
  await database.containers.createIfNotExists({
    id: name,
    partitionKey: { paths: ["/id"], version: PartitionKeyDefinitionVersion.V2 },
    // A lease that expired would be read again from where its feed starts.
    defaultTtl: -1,
  });
}

export interface TriggerContainers {
  readonly monitored: Container;
  /** Its resource id: a container that is made again has another one. */
  readonly monitoredId: string;
  readonly leases: Container;
}

/** @throws {Error} a container is not there; Cosmos DB did not answer in time */
export async function openContainers(
  options: CosmosTriggerOptions,
  clients: CosmosClients,
  settings: AppSettings,
  patience: AbortSignal,
): Promise<TriggerContainers> {
  const { connection, leaseConnection = connection } = options;
  const name = (text: string): string => substitute(settings, text);
  const databaseName = name(options.databaseName);
  const monitored = clients
    .client(connection)
    .database(databaseName)
    .container(name(options.containerName));
  const monitoredId = await existing(monitored, patience);
  const leaseDatabase = clients
    .client(leaseConnection)
    .database(options.leaseDatabaseName ? name(options.leaseDatabaseName) : databaseName);
  const leases = leaseDatabase.container(name(options.leaseContainerName));
  if (options.createLeaseContainerIfNotExists) await createLeases(leaseDatabase, leases.id);
  else await existing(leases, patience);
  return { monitored, monitoredId, leases };
}
