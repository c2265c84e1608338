import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { takeWholeAnswer } from "./whole-answer.ts";

/** A server of the test, and one connection to it. */
async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const dispatcher = new Agent({ connections: 1, pipelining: 1 });
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await dispatcher.destroy();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return (path: string, signal?: AbortSignal) =>
    takeWholeAnswer(dispatcher, {
      url: url + path,
      method: "GET",
      headers: {},
      body: null,
      signal,
    });
}

test("an answer in many pieces is one text without its mark, with the status that came last", async () => {
  const get = await serve((request, response) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload; as=style" });
    response.writeHead(201, { "x-path": String(request.url) });
    for (const byte of Buffer.from("\uFEFFblåbærsyltetøy")) response.write(Buffer.of(byte));
    response.end();
  });

  const answer = await get("/a?b=c%20d");

  expect(answer).toMatchObject({
    status: 201,
    headers: { "x-path": "/a?b=c%20d" },
    text: "blåbærsyltetøy",
  });
});

test("who waits for a connection may give up, and is then not sent", async () => {
  const seen: (string | undefined)[] = [];
  const waiting: (() => void)[] = [];
  const get = await serve((request, response) => {
    seen.push(request.url);
    if (request.url === "/first") waiting.push(() => response.end("first"));
    else response.end("later");
    if (request.url === "/first") stop.abort(new Error("too late"));
  });
  const stop = new AbortController();

  const first = get("/first");
  const second = get("/second", stop.signal);
  await expect(second).rejects.toThrow("too late");
  waiting.forEach((answer) => {
    answer();
  });

  expect((await first).text).toBe("first");
  expect((await get("/third")).text).toBe("later");
  expect(seen).toStrictEqual(["/first", "/third"]);
});

test("who has given up before asks nothing", async () => {
  const get = await serve((_, response) => response.end());

  await expect(get("/", AbortSignal.abort(new Error("never mind")))).rejects.toThrow("never mind");
});
