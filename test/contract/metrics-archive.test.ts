/** The archive of the daily files, and attachments by signed address, on the local blob storage with the real SDK. */
import { BlobSASPermissions, BlobServiceClient } from "@azure/storage-blob";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBlobAttachments } from "../../functions/notifications/adapters/blob-attachments.ts";
import { createBlobMetricsArchive } from "../../functions/notifications/adapters/blob-metrics-archive.ts";
import { type LocalBlobs, prepareBlobs } from "../../local/blob/server.ts";
import { systemClock } from "../../local/clock.ts";

let blobs: LocalBlobs;

beforeAll(async () => {
  blobs = await prepareBlobs({ port: 0 });
  blobs.start();
  await blobs.ready();
}, 60_000);

afterAll(() => blobs.stop());

const clientOf = (container: string) =>
  BlobServiceClient.fromConnectionString(blobs.connectionString).getContainerClient(container);

test("a file is stored under its name, and one of the same name is replaced", async () => {
  const { connectionString } = blobs;
  const archive = createBlobMetricsArchive({ kind: "connection-string", connectionString });
  const name = "20260115_sms_notifications_local.parquet";

  await archive.store(name, Buffer.from("first"));
  await archive.store(name, Buffer.from("second"));

  const blob = clientOf("metrics").getBlobClient(name);
  expect((await blob.downloadToBuffer()).toString()).toBe("second");
});

test("an archive that does not answer asks for another try", async () => {
  const connectionString = blobs.connectionString.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:1");
  const archive = createBlobMetricsArchive({ kind: "connection-string", connectionString });

  await expect(archive.store("a", Buffer.from("b"))).rejects.toMatchObject({ name: "RetryLater" });
}, 60_000);

test("an attachment is fetched by its signed address, and refused when the signature is of yesterday", async () => {
  const container = clientOf("letters");
  await container.create();
  const blob = container.getBlockBlobClient("letter.txt");
  await blob.uploadData(Buffer.from("There is a letter for you."));
  const signed = (until: number) =>
    blob.generateSasUrl({
      permissions: BlobSASPermissions.parse("r"),
      startsOn: new Date(until - 3_600_000),
      expiresOn: new Date(until),
    });
  const attachments = createBlobAttachments({
    trustedHosts: new Set([new URL(blobs.url).host]),
    allowedPorts: new Set([443]),
  });

  const now = systemClock.now();
  const fetched = await attachments.fetch(await signed(now + 60_000), 1000);
  expect(fetched).toMatchObject({ kind: "fetched" });
  expect(await attachments.fetch(await signed(now + 60_000), 5)).toEqual({ kind: "too-large" });
  expect(await attachments.fetch(await signed(now - 86_400_000), 1000)).toEqual({
    kind: "refused",
  });
});
