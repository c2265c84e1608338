/** HTTP functions over real sockets: routes, bodies, answers. */
import { once } from "node:events";
import { request as sendRequest, type RequestOptions } from "node:http";
import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { startTestHost, type TestHostOptions } from "../test-host.ts";

type Handler = (request: HttpRequest) => HttpResponseInit | Promise<HttpResponseInit> | undefined;

const rootPrefix = { version: "2.0", extensions: { http: { routePrefix: "" } } };

/** A host with one open function for each route. */
const startRoutes = (routes: Readonly<Record<string, Handler>>, options: TestHostOptions = {}) =>
  startTestHost(
    (app) => {
      for (const [index, [route, handler]] of Object.entries(routes).entries()) {
        app.http(`F${index}`, {
          methods: ["GET", "POST"],
          authLevel: "anonymous",
          route,
          handler: (request) => handler(request) as HttpResponseInit,
        });
      }
    },
    { hostJson: rootPrefix, ...options },
  );

const echoParameters: Handler = ({ params }) => ({ jsonBody: params });

describe("routes", () => {
  test("a route is answered at its prefix, whatever the case of its letters and however many slashes", async () => {
    const { call } = await startTestHost((app) => {
      app.http("Hello", { authLevel: "anonymous", handler: () => ({ body: "hello" }) });
    });

    const paths = ["/api/Hello", "/API/hello", "/api/hello/", "//api//hello"];
    const answers = await Promise.all(paths.map(async (path) => (await call(path)).text()));

    expect(answers).toEqual(["hello", "hello", "hello", "hello"]);
  });

  test("an unknown path and an unknown method are both 404", async () => {
    const { call } = await startRoutes({ hello: () => ({ body: "hello" }) });

    const answers = [await call("/none"), await call("/hello", { method: "DELETE" })];

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });

  test.each([
    ["/items/1", { id: "1" }],
    ["/optional", {}],
    ["/optional/x", { id: "x" }],
    ["/files/a/b/c", { path: "a/b/c" }],
    ["/numbers/12", { n: "12" }],
    ["/items/b%C3%A6r%20og%20s%C3%A5nt", { id: "bær og sånt" }],
  ])("%s has its parameters", async (path, parameters) => {
    const { call } = await startRoutes({
      "items/{id}": echoParameters,
      "optional/{id?}": echoParameters,
      "files/{*path}": echoParameters,
      "numbers/{n:int}": echoParameters,
    });

    expect(await (await call(path)).json()).toEqual(parameters);
  });

  test("the most exact route wins, whatever the order", async () => {
    const named =
      (body: string): Handler =>
      () => ({ body });
    const { call } = await startRoutes({
      "{*rest}": named("rest"),
      "subscriptions/{id}": named("parameter"),
      "subscriptions/{id:int}": named("number"),
      "subscriptions/feed": named("literal"),
    });

    const paths = ["feed", "12", "abc"].map((id) => `/subscriptions/${id}`);
    const answers = [...paths, "/else"].map(async (path) => (await call(path)).text());

    expect(await Promise.all(answers)).toEqual(["literal", "number", "parameter", "rest"]);
  });

  test("a value that does not fit its constraint is 404, a broken escape 400", async () => {
    const { call } = await startRoutes({ "numbers/{n:int}": echoParameters });

    const answers = [await call("/numbers/abc"), await call("/numbers/%zz")];

    expect(answers.map(({ status }) => status)).toEqual([404, 400]);
  });
});

describe("requests", () => {
  test("a function gets method, address, headers, query and body", async () => {
    const { host, call } = await startRoutes({
      "things/{id}": async (request) => ({
        jsonBody: {
          method: request.method,
          url: request.url,
          header: request.headers.get("x-one"),
          query: Object.fromEntries(request.query),
          body: await request.json(),
        },
      }),
    });

    const answer = await call("/things/1?a=1&a=2&b=x%20y", {
      method: "POST",
      headers: { "X-One": "eins" },
      body: JSON.stringify({ name: "Ærlig" }),
    });

    expect(await answer.json()).toEqual({
      method: "POST",
      url: `${host.url}/things/1?a=1&a=2&b=x%20y`,
      header: "eins",
      // Repeated keys are joined.
      query: { a: "1,2", b: "x y" },
      body: { name: "Ærlig" },
    });
  });

  test("a body whose length is not told arrives empty, and the host says so", async () => {
    const { host, logged } = await startRoutes({
      echo: async (request) => ({ body: `[${await request.text()}]` }),
    });

    const send = async (headers: RequestOptions["headers"]): Promise<string> => {
      const request = sendRequest(`${host.url}/echo`, {
        method: "POST",
        ...(headers && { headers }),
      });
      request.write("text");
      request.end();
      const [response] = (await once(request, "response")) as [NodeJS.ReadableStream];
      return text(response);
    };

    expect([await send({ "content-length": 4 }), await send({})]).toEqual(["[text]", "[]"]);
    expect(logged).toEqual([expect.stringContaining("a chunked body is not handed to functions")]);
  });

  test("a body that is too long is 413, and the function is not woken", async () => {
    let calls = 0;
    const { call } = await startRoutes(
      {
        echo: () => {
          calls++;
          return {};
        },
      },
      { maxBodyInBytes: 10 },
    );

    const answer = await call("/echo", { method: "POST", body: "x".repeat(11) });

    expect([answer.status, calls]).toEqual([413, 0]);
  });
});

describe("answers", () => {
  test("status, headers, cookies and body arrive as they were returned", async () => {
    const { call } = await startRoutes({
      made: () => ({
        status: 201,
        headers: { location: "/made/1", "content-type": "application/x-thing" },
        cookies: [
          { name: "a", value: "1 2", maxAge: 60, path: "/", httpOnly: true, sameSite: "Strict" },
          { name: "b", value: "x", secure: true, sameSite: "None" },
        ],
        body: "thing",
      }),
    });

    const answer = await call("/made");

    expect(answer.status).toBe(201);
    expect(answer.headers.get("location")).toBe("/made/1");
    expect(answer.headers.get("content-type")).toBe("application/x-thing");
    expect(answer.headers.get("content-length")).toBe("5");
    expect(answer.headers.getSetCookie()).toEqual([
      "a=1%202; max-age=60; path=/; httponly; samesite=strict",
      "b=x; secure; samesite=none",
    ]);
    expect(await answer.text()).toBe("thing");
  });

  test("nothing returned is 204; a failure is 500 without a word", async () => {
    const { call, logged } = await startRoutes({
      nothing: () => undefined,
      fails: () => {
        throw new Error("secret detail");
      },
      wrong: () => "text" as HttpResponseInit,
    });

    const answers = await Promise.all(["/nothing", "/fails", "/wrong"].map((path) => call(path)));

    expect(answers.map(({ status }) => status)).toEqual([204, 500, 500]);
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(["", "", ""]);
    expect(logged).toContainEqual(expect.stringContaining("F1: Error: secret detail"));
  });

  test("304 has no body", async () => {
    const { call } = await startRoutes({
      same: () => ({ status: 304, headers: { etag: '"1"' } }),
    });

    const answer = await call("/same");

    expect([answer.status, answer.headers.get("etag"), await answer.text()]).toEqual([
      304,
      '"1"',
      "",
    ]);
  });
});
