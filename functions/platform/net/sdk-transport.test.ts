import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineRequestOptions,
} from "@azure/core-rest-pipeline";
import { expect, onTestFinished, test } from "vitest";
import { createSdkTransport } from "./sdk-transport.ts";

const transport = createSdkTransport();

/** @returns the address of a server of the test */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const send = (options: PipelineRequestOptions) =>
  transport.sendRequest(createPipelineRequest({ allowInsecureConnection: true, ...options }));

test("a request goes out as the SDK made it, and its answer comes back whole", async () => {
  const url = await serve((request, response) => {
    response.writeHead(202, { "operation-location": "there" });
    request.pipe(response);
  });

  const answer = await send({ url: `${url}/send`, method: "POST", body: '{"text":"blåbær"}' });

  expect(answer.status).toBe(202);
  expect(answer.headers.get("operation-location")).toBe("there");
  expect(answer.bodyAsText).toBe('{"text":"blåbær"}');
});

test("no packed answer is asked for, since none would be unpacked", async () => {
  const url = await serve((request, response) => {
    response.end(String(request.headers["accept-encoding"]));
  });

  const answer = await send({
    url,
    headers: createHttpHeaders({ "accept-encoding": "gzip,deflate" }),
  });

  expect(answer.bodyAsText).toBe("undefined");
});

test("a connection that is lost has the code that the SDKs know", async () => {
  const silent = await serve((request) => request.socket.destroy());
  const cut = await serve((_, response) => {
    response.writeHead(200, { "content-length": 100 });
    response.write("{");
    setImmediate(() => response.destroy());
  });

  await expect(send({ url: silent })).rejects.toMatchObject({ code: "ECONNRESET" });
  await expect(send({ url: cut })).rejects.toMatchObject({ code: "ECONNRESET" });
});

test("a host that takes no connection has the code of the socket", async () => {
  await expect(send({ url: "http://127.0.0.1:1" })).rejects.toMatchObject({
    name: "RestError",
    code: "ECONNREFUSED",
  });
});

test("who gives up gets his own reason back, before the answer and amid it", async () => {
  const hanging = await serve(() => undefined);
  const endless = await serve((_, response) => {
    response.writeHead(200);
    response.write("{");
  });
  const giveUp = (): AbortSignal => AbortSignal.timeout(50);

  await expect(send({ url: hanging, abortSignal: giveUp() })).rejects.toMatchObject({
    name: "TimeoutError",
  });
  await expect(send({ url: endless, abortSignal: giveUp() })).rejects.toMatchObject({
    name: "TimeoutError",
  });
});

test("plain http goes only where the SDK allows it, and what cannot be done is refused", async () => {
  const url = await serve((_, response) => response.end());

  await expect(send({ url, allowInsecureConnection: false })).rejects.toThrow("https");
  await expect(send({ url, timeout: 1000 })).rejects.toThrow("signal");
  await expect(send({ url, method: "POST", body: new Uint8Array(1) })).rejects.toThrow("no text");
});
