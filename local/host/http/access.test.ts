/** Who may call what: keys, the host's own end points, limits. */
import { describe, expect, test } from "vitest";
import { createGate, startTestHost } from "../test-host.ts";

describe("keys", () => {
  const keys = {
    master: "m",
    host: { default: "h" },
    functions: { Guarded: { default: "f" } },
  };
  const startGuarded = () =>
    startTestHost(
      (app) => {
        app.http("Open", { authLevel: "anonymous", handler: () => ({ status: 200 }) });
        app.http("Guarded", { authLevel: "function", handler: () => ({ status: 200 }) });
        app.http("Admin", { authLevel: "admin", handler: () => ({ status: 200 }) });
      },
      { keys },
    );

  test.each([
    ["/api/Open", 200],
    ["/api/Guarded", 401],
    ["/api/Guarded?code=wrong", 401],
    ["/api/Guarded?code=f", 200],
    ["/api/Guarded?code=h", 200],
    ["/api/Guarded?code=m", 200],
    ["/api/Admin?code=h", 401],
    ["/api/Admin?code=m", 200],
    ["/admin/host/status", 401],
    ["/admin/host/status?code=m", 200],
  ])("%s is %i", async (path, status) => {
    const { call } = await startGuarded();

    expect((await call(path)).status).toBe(status);
  });

  test("a key may come in a header", async () => {
    const { call } = await startGuarded();

    const answer = await call("/api/Guarded", { headers: { "x-functions-key": "f" } });

    expect(answer.status).toBe(200);
  });
});

describe("administration", () => {
  test("the host says that it runs", async () => {
    const { call } = await startTestHost((app) => {
      app.http("Hello", { handler: () => ({}) });
    });

    expect(await (await call("/admin/host/status")).json()).toEqual({ state: "Running" });
  });

  test("a function is started by hand with the input its trigger would have", async () => {
    const inputs: unknown[] = [];
    const ended = createGate();
    const { call } = await startTestHost((app) => {
      app.eventGrid("Report", {
        handler: (event) => {
          inputs.push(event);
          ended.open();
        },
      });
      app.http("Hello", { handler: () => ({}) });
    });

    const start = (name: string, body: string) =>
      call(`/admin/functions/${name}`, { method: "POST", body });
    const answers = [
      await start("report", '{"input": "{\\"id\\": 1}"}'),
      await start("Report", "not json"),
      await start("Hello", "{}"),
      await start("None", "{}"),
    ];
    await ended.opened;

    expect(answers.map(({ status }) => status)).toEqual([202, 400, 400, 404]);
    expect(inputs).toEqual([{ id: 1 }]);
  });
});

describe("throttling", () => {
  test("more than maxOutstandingRequests are turned away with 429", async () => {
    const gate = createGate();
    const { call } = await startTestHost(
      (app) => {
        app.http("Slow", {
          route: "slow",
          authLevel: "anonymous",
          handler: async () => {
            await gate.opened;
            return {};
          },
        });
      },
      {
        hostJson: {
          version: "2.0",
          extensions: {
            http: { routePrefix: "", maxConcurrentRequests: 1, maxOutstandingRequests: 2 },
          },
        },
      },
    );

    const calls = [call("/slow"), call("/slow"), call("/slow")];
    const first = await Promise.race(calls);
    gate.open();
    const statuses = (await Promise.all(calls)).map(({ status }) => status);

    expect(first.status).toBe(429);
    expect(statuses.sort()).toEqual([200, 200, 429]);
  });
});
