/** A host as a whole: what it loads, refuses and lists. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { app as functions, output } from "@azure/functions";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../clock.ts";
import { describeFunctions } from "./describe.ts";
import { startHost } from "./host.ts";
import { startTestHost } from "./test-host.ts";

const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "host-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
};

const nothing = (): void => undefined;

describe("loading", () => {
  test("the metadata are what Azure's host is told", async () => {
    const { host } = await startTestHost(
      (app) => {
        app.http("Hello", {
          methods: ["GET", "POST"],
          authLevel: "anonymous",
          route: "hello/{name?}",
          handler: () => ({ status: 200 }),
        });
        app.timer("Tick", {
          schedule: "0 */5 * * * *",
          retry: { strategy: "fixedDelay", maxRetryCount: -1, delayInterval: { seconds: 5 } },
          handler: nothing,
        });
        app.timer("Tock", {
          schedule: "0 0 0 1 1 *",
          retry: {
            strategy: "exponentialBackoff",
            maxRetryCount: 3,
            minimumInterval: { seconds: 1 },
            maximumInterval: { seconds: 60 },
          },
          handler: nothing,
        });
        app.eventGrid("Report", { handler: nothing });
      },
      { settings: { "AzureWebJobs.Tick.Disabled": "true", "AzureWebJobs.Tock.Disabled": "1" } },
    );

    expect(host.metadata).toEqual([
      {
        name: "Hello",
        bindings: [
          '{"methods":["GET","POST"],"authLevel":"anonymous","route":"hello/{name?}","type":"httpTrigger","name":"httpTriggere125170ac7","direction":"in","properties":{"supportsDeferredBinding":"false"}}',
          '{"type":"http","name":"$return","direction":"out"}',
        ],
      },
      {
        name: "Tick",
        bindings: [
          expect.stringMatching(/^\{"schedule":"0 \*\/5 \* \* \* \*","type":"timerTrigger"/),
        ],
        retry: { maxRetryCount: -1, delayInterval: { seconds: 5 }, retryStrategy: "fixed_delay" },
      },
      {
        name: "Tock",
        bindings: [expect.any(String)],
        retry: {
          maxRetryCount: 3,
          minimumInterval: { seconds: 1 },
          maximumInterval: { seconds: 60 },
          retryStrategy: "exponential_backoff",
        },
      },
      { name: "Report", bindings: [expect.stringContaining('"type":"eventGridTrigger"')] },
    ]);
  });

  test("an app folder is loaded by its package.json, as in Azure", async () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ type: "module", main: "{one,two}.js" }),
    );
    const library = import.meta.resolve("@azure/functions");
    for (const name of ["one", "two"]) {
      writeFileSync(
        join(folder, `${name}.js`),
        `import functions from ${JSON.stringify(library)};
         functions.app.http("${name}", { authLevel: "anonymous", handler: () => ({ body: "${name}" }) });`,
      );
    }
    const host = await startHost({
      appFolder: folder,
      hostJson: { version: "2.0" },
      settings: {},
      port: 0,
      clock: systemClock,
      stateFile: ":memory:",
    });
    onTestFinished(() => host.stop());

    const answers = ["one", "two"].map(async (name) =>
      (await fetch(`${host.url}/api/${name}`)).text(),
    );
    expect(await Promise.all(answers)).toEqual(["one", "two"]);
  });

  test("an app that fails while it is loaded does not start", async () => {
    const starting = startTestHost((app) => {
      app.timer("Tick", { schedule: "0 0 * * * *", handler: nothing });
      throw new Error("no configuration");
    });

    await expect(starting).rejects.toThrow("no configuration");
  });

  test("two functions of one name are refused", async () => {
    const starting = startTestHost((app) => {
      app.timer("Tick", { schedule: "0 0 * * * *", handler: nothing });
      app.timer("Tick", { schedule: "0 0 * * * *", handler: nothing });
    });

    await expect(starting).rejects.toThrow(/"Tick" has already been registered/);
  });

  test("nothing can be registered after the start", async () => {
    const { host } = await startTestHost((app) => {
      app.http("Hello", { handler: () => ({ status: 200 }) });
    });

    expect(() => {
      functions.timer("Late", { schedule: "0 0 * * * *", handler: nothing });
    }).toThrow(/app startup/);
    expect(host.functions).toHaveLength(1);
  });

  test("what the local host cannot do is said at start, by function", async () => {
    const starting = startTestHost((app) => {
      app.storageQueue("Old", { connection: "C", queueName: "q", handler: nothing });
      app.timer("Tick", {
        schedule: "0 0 * * * *",
        handler: nothing,
        return: { type: "blob", name: "$return" },
        extraOutputs: [output.serviceBusTopic({ connection: "C", topicName: "t" })],
      });
    });

    await expect(starting).rejects.toThrow(
      'Old: trigger "queueTrigger" is not supported by the local emulator\n' +
        'Tick: output "blob" is not supported by the local emulator\n' +
        "Tick: output to a topic is not supported by the local emulator",
    );
  });

  test.each([
    ["no version", {}],
    ["a time that is none", { version: "2.0", functionTimeout: "5 minutes" }],
    ["prefetching", { version: "2.0", extensions: { serviceBus: { prefetchCount: 10 } } }],
  ])("host.json with %s is refused", async (_, hostJson) => {
    const starting = startTestHost(
      (app) => {
        app.http("Hello", { handler: () => ({ status: 200 }) });
      },
      { hostJson },
    );

    await expect(starting).rejects.toThrow("host.json cannot be honoured");
  });

  test("a trigger that cannot start says which function it is", async () => {
    const starting = startTestHost((app) => {
      app.serviceBusQueue("Work", { connection: "Bus", queueName: "jobs", handler: nothing });
    });

    await expect(starting).rejects.toThrow('Work cannot start: The connection setting "Bus"');
  });
});

describe("listing", () => {
  test("functions are listed with what wakes them", async () => {
    const { host } = await startTestHost(
      (app) => {
        app.http("Hello", { route: "hello/{name}", methods: ["GET"], handler: () => ({}) });
        app.timer("Tick", { schedule: "%Every%", handler: nothing });
        app.timer("Off", { schedule: "%Every%", handler: nothing });
      },
      { settings: { Every: "0 0 3 * * *", "AzureWebJobs.Off.Disabled": "true" } },
    );

    expect(describeFunctions(host)).toBe(
      [
        "Functions:",
        "",
        "httpTriggers:",
        `  Hello  [GET] ${host.url}/api/hello/{name}`,
        "",
        "timerTriggers:",
        "  Tick   0 0 3 * * *",
        "  Off    0 0 3 * * * (disabled)",
        "",
      ].join("\n"),
    );
  });

  test("a disabled function is not woken", async () => {
    const { call } = await startTestHost(
      (app) => {
        app.http("Hello", { authLevel: "anonymous", handler: () => ({ status: 200 }) });
      },
      { settings: { "AzureWebJobs.Hello.Disabled": "true" } },
    );

    expect((await call("/api/Hello")).status).toBe(404);
  });
});
