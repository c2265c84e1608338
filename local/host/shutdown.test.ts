/** How a host ends, and what it needs to itself. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { app as functionApp } from "@azure/functions";
import { expect, onTestFinished, test } from "vitest";
import { createGate, startTestHost } from "./test-host.ts";

const nothing = (): void => undefined;

test("a port that is taken is refused as EADDRINUSE", async () => {
  const { host } = await startTestHost((app) => {
    app.http("Hello", { handler: () => ({ status: 200 }) });
  });

  const second = startTestHost(
    (app) => {
      app.http("Hello", { handler: () => ({ status: 200 }) });
    },
    { port: host.port },
  );

  await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("what runs may finish, and then nothing answers", async () => {
  const gate = createGate();
  const entered = createGate();
  const { host, call } = await startTestHost((app) => {
    app.http("Slow", {
      authLevel: "anonymous",
      handler: async () => {
        entered.open();
        await gate.opened;
        return { body: "done" };
      },
    });
  });

  const answering = call("/api/Slow");
  await entered.opened;
  const stopping = host.stop();
  gate.open();

  expect(await (await answering).text()).toBe("done");
  await stopping;
  await expect(call("/api/Slow")).rejects.toThrow();
});

test("a function that hangs does not hold the end up", async () => {
  const entered = createGate();
  const { host, call } = await startTestHost(
    (app) => {
      app.http("Hangs", {
        authLevel: "anonymous",
        handler: () => {
          entered.open();
          return new Promise(nothing);
        },
      });
    },
    { drainInMs: 50 },
  );
  const answering = call("/api/Hangs").catch(() => "cut");
  await entered.opened;

  const startedAt = performance.now();
  await host.stop();

  expect(performance.now() - startedAt).toBeLessThan(500);
  expect(await answering).toBe("cut");
});

test("stopping twice is stopping once", async () => {
  let ends = 0;
  const { host } = await startTestHost((app) => {
    app.timer("Tick", { schedule: "0 0 * * * *", handler: nothing });
    app.hook.appTerminate(() => {
      ends++;
    });
  });

  await Promise.all([host.stop(), host.stop()]);

  expect(ends).toBe(1);
});

test("two hosts cannot share a state file, but one after another can", async () => {
  const folder = mkdtempSync(join(tmpdir(), "host-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const stateFile = join(folder, "host.sqlite");
  const register = (app: typeof functionApp): void => {
    app.timer("Tick", { schedule: "0 0 * * * *", handler: nothing });
  };
  const { host } = await startTestHost(register, { stateFile });

  await expect(startTestHost(register, { stateFile })).rejects.toThrow("Another host uses");
  await host.stop();
  const { host: next } = await startTestHost(register, { stateFile });

  expect(next.state.get("instanceId")).toMatch(/^[\da-f-]{36}$/);
});
