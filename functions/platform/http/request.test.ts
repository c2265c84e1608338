import { HttpRequest } from "@azure/functions";
import { expect, test } from "vitest";
import { acceptsMediaType, readText, tokensOf } from "./request.ts";

const requestWith = (headers: Record<string, string>, body?: string | Uint8Array<ArrayBuffer>) =>
  new HttpRequest({
    method: body === undefined ? "GET" : "POST",
    url: "http://localhost/x",
    headers,
    ...(body !== undefined && {
      body: typeof body === "string" ? { string: body } : { bytes: body },
    }),
  });

test.each([
  ["application/json; charset=utf-8", "json", true],
  ["application/cloudevents+json", "json", true],
  ["application/cloudevents+json", "cloudevents", true],
  ["application/cloudevents-batch+json", "cloudevents", true],
  ["application/json", "cloudevents", false],
  ["text/plain", "json", false],
  ["application/jsonx", "json", false],
] as const)("%s for an endpoint that takes %s: %s", (type, takes, accepted) => {
  expect(acceptsMediaType(requestWith({ "content-type": type }), takes)).toBe(accepted);
});

test("the bearer token comes from the header, else from the cookie", () => {
  expect(tokensOf(requestWith({ authorization: "Bearer abc" }))).toEqual({ bearer: "abc" });
  expect(tokensOf(requestWith({ cookie: "x=1; AltinnStudioRuntime=abc" }))).toEqual({
    bearer: "abc",
  });
  expect(tokensOf(requestWith({ authorization: "Bearer " }))).toEqual({});
  expect(tokensOf(requestWith({ authorization: "Basic abc" }))).toEqual({});
});

test("two platform access tokens in one request count as none", () => {
  expect(tokensOf(requestWith({ platformaccesstoken: "a" }))).toEqual({ platform: "a" });
  expect(tokensOf(requestWith({ platformaccesstoken: "a, b" }))).toEqual({});
});

test("a body above the limit is not taken, whatever its length header says", async () => {
  expect(await readText(requestWith({}, "123456"), 5)).toEqual({ kind: "too-large" });
  expect(await readText(requestWith({ "content-length": "6" }, "1"), 5)).toEqual({
    kind: "too-large",
  });
  expect(await readText(requestWith({}, "æøå"), 6)).toMatchObject({ kind: "text", text: "æøå" });
});

test("bytes that are not UTF-8 are told apart from text", async () => {
  expect(await readText(requestWith({}, new Uint8Array([0xff, 0xfe])), 5)).toMatchObject({
    kind: "not-utf8",
  });
});
