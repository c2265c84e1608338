import { BlobSASPermissions, BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { type LocalBlobs, prepareBlobs } from "./server.ts";

let blobs: LocalBlobs;
let container: ContainerClient;

beforeAll(async () => {
  blobs = await prepareBlobs({ port: 0 });
  blobs.start();
  await blobs.ready();
  container = BlobServiceClient.fromConnectionString(blobs.connectionString).getContainerClient(
    "letters",
  );
  await container.create();
}, 60_000);

afterAll(() => blobs.stop());

test("what is stored can be read with the connection string, and with a signed address", async () => {
  const blob = container.getBlockBlobClient("letter.txt");
  await blob.uploadData(Buffer.from("There is a letter for you."));

  const address = await blob.generateSasUrl({
    permissions: BlobSASPermissions.parse("r"),
    expiresOn: new Date(systemClock.now() + 60_000),
  });

  expect((await blob.downloadToBuffer()).toString()).toBe("There is a letter for you.");
  expect(await (await fetch(address)).text()).toBe("There is a letter for you.");
  expect((await fetch(blob.url)).status).not.toBe(200);
});

test("a port that somebody else has is refused before anything is started", async () => {
  const { port } = new URL(blobs.url);

  await expect(prepareBlobs({ port: Number(port) })).rejects.toMatchObject({ code: "EADDRINUSE" });
});
