/** The daily files in blob storage. */
import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import topology from "../../../infra/topology.json" with { type: "json" };
import { RetryLater } from "../../kernel/failures.ts";
import { type Connection, credentialOf } from "../../platform/connection.ts";
import type { MetricsArchive } from "../domain/metrics-ports.ts";

const CONTAINER = topology.blobContainers.metrics.name;

/** The timer comes again: nobody waits long for a storage that is away. */
const options = { retryOptions: { maxTries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 2000 } };

const connect = (connection: Connection): BlobServiceClient =>
  connection.kind === "connection-string"
    ? BlobServiceClient.fromConnectionString(connection.connectionString, options)
    : new BlobServiceClient(connection.endpoint, credentialOf(connection), options);

export function createBlobMetricsArchive(connection: Connection): MetricsArchive {
  let container: Promise<ContainerClient> | undefined;

  /** In Azure the container is made by the deployment; on this machine by whoever needs it first. */
  const open = async (): Promise<ContainerClient> => {
    const client = connect(connection).getContainerClient(CONTAINER);
    if (connection.kind === "connection-string") await client.createIfNotExists();
    return client;
  };

  return {
    async store(name, file) {
      try {
        container ??= open();
        const blob = (await container).getBlockBlobClient(name);
        await blob.uploadData(file, {
          blobHTTPHeaders: { blobContentType: "application/vnd.apache.parquet" },
        });
      } catch (error) {
        container = undefined;
        throw new RetryLater(60, "The blob storage does not take a file", { cause: error });
      }
    },
  };
}
