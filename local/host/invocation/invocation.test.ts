/** One invocation: failures as the worker takes them, hooks, retries, time-outs, logging. */
import type { app as functionApp, InvocationContext, RetryOptions } from "@azure/functions";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../../virtual-clock.ts";
import { createGate, startTestHost } from "../test-host.ts";
import { delayBefore } from "./retry.ts";

const yearly = "0 0 0 1 1 *";

const startWith = (
  handler: (context: InvocationContext) => unknown,
  register: (app: typeof functionApp) => void = () => undefined,
) =>
  startTestHost((app) => {
    app.timer("Run", { schedule: yearly, handler: (_, context) => handler(context) });
    register(app);
  });

describe("failures", () => {
  test("an error that is thrown fails the invocation and is logged", async () => {
    const { host, logged } = await startWith(() => {
      throw new Error("broken");
    });

    await expect(host.invoke("Run")).rejects.toThrow("broken");
    expect(logged).toEqual([expect.stringMatching(/^Run: Error: broken/)]);
  });

  test("a thrown text is an error", async () => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what a careless function does
    const { host } = await startWith(() => Promise.reject("text"));

    await expect(host.invoke("Run")).rejects.toThrow("text");
  });

  test("what is thrown without a value counts as success, as in Azure", async () => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what a careless function does
    const { host } = await startWith(() => Promise.reject(undefined));

    await expect(host.invoke("Run")).resolves.toBeDefined();
  });

  test("a function that takes longer than functionTimeout fails", async () => {
    const clock = createVirtualClock();
    const entered = createGate();
    const { host } = await startTestHost(
      (app) => {
        app.timer("Run", {
          schedule: yearly,
          handler: () => {
            entered.open();
            return new Promise<void>(() => undefined);
          },
        });
      },
      { clock, hostJson: { version: "2.0", functionTimeout: "00:01:00" } },
    );

    const running = host.invoke("Run").catch((error: unknown) => String(error));
    await entered.opened;
    await clock.advance(60_000);

    expect(await running).toMatch(/Timeout value of 60 s exceeded by function: Functions\.Run/);
  });

  test("an HTTP function cannot be started by hand, nor one that is not there", async () => {
    const { host } = await startWith(
      () => undefined,
      (app) => {
        app.http("Hello", { handler: () => ({}) });
      },
    );

    await expect(host.invoke("Hello")).rejects.toThrow("Hello");
    await expect(host.invoke("None")).rejects.toThrow("None");
  });
});

describe("the context", () => {
  test("tells name, id and trace, and takes log lines", async () => {
    const contexts: InvocationContext[] = [];
    const { host, logged } = await startWith((context) => {
      context.warn("careful", 1);
      context.info("not of interest");
      contexts.push(context);
    });

    await host.invoke("Run");

    expect(contexts[0]).toMatchObject({
      functionName: "Run",
      invocationId: expect.stringMatching(/^[\da-f-]{36}$/) as unknown,
      traceContext: {
        traceParent: expect.stringMatching(/^00-[\da-f]{32}-[\da-f]{16}-01$/) as unknown,
      },
    });
    expect(logged).toEqual(["Run: careful 1"]);
  });

  test("goes on with the caller's trace", async () => {
    const traces: unknown[] = [];
    const { call } = await startTestHost((app) => {
      app.http("Traced", {
        authLevel: "anonymous",
        handler: (_, context) => {
          traces.push(context.traceContext?.traceParent);
          return {};
        },
      });
    });
    const traceId = "0af7651916cd43dd8448eb211c80319c";

    await call("/api/Traced", { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-00` } });

    expect(traces).toEqual([expect.stringMatching(`^00-${traceId}-[\\da-f]{16}-00$`)]);
  });
});

describe("hooks", () => {
  test("those before may replace the function, those after see how it ended", async () => {
    const seen: unknown[] = [];
    const { host } = await startWith(
      () => "own",
      (app) => {
        app.hook.appStart(() => {
          seen.push("start");
        });
        app.hook.preInvocation((hook) => {
          hook.hookData["mark"] = 1;
          hook.functionHandler = () => "replaced";
        });
        app.hook.postInvocation((hook) => {
          seen.push([hook.hookData["mark"], hook.result, hook.error]);
        });
        app.hook.appTerminate(() => {
          seen.push("end");
        });
      },
    );

    await host.invoke("Run");
    await host.stop();

    expect(seen).toEqual(["start", [1, "replaced", null], "end"]);
  });

  test("one after may turn a failure into success", async () => {
    const { host } = await startWith(
      () => {
        throw new Error("broken");
      },
      (app) => {
        app.hook.postInvocation((hook) => {
          hook.error = undefined;
        });
      },
    );

    await expect(host.invoke("Run")).resolves.toBeDefined();
  });

  test("one that fails fails the invocation", async () => {
    const { host } = await startWith(
      () => undefined,
      (app) => {
        app.hook.preInvocation(() => {
          throw new Error("hooked");
        });
      },
    );

    await expect(host.invoke("Run")).rejects.toThrow("hooked");
  });

  test("a log hook may change what is logged", async () => {
    const { host, logged } = await startWith(
      (context) => {
        context.warn("number 12345");
      },
      (app) => {
        app.hook.log((hook) => {
          hook.message = hook.message.replace(/\d+/, "…");
        });
      },
    );

    await host.invoke("Run");

    expect(logged).toEqual(["Run: number …"]);
  });
});

describe("retry policies", () => {
  /** Starts a timer that always fails but for its last attempt, and waits. */
  const attemptsWithin = async (
    retry: RetryOptions,
    durationInMs: number,
    succeedsAt = Infinity,
  ): Promise<readonly unknown[]> => {
    const clock = createVirtualClock(Date.UTC(2026, 0, 1, 0, 0, 0) - 1000);
    const attempts: unknown[] = [];
    await startTestHost(
      (app) => {
        app.timer("Run", {
          schedule: yearly,
          retry,
          handler: (_, { retryContext }) => {
            attempts.push([
              (clock.now() - Date.UTC(2026, 0, 1)) / 1000,
              retryContext?.retryCount,
              retryContext?.exception?.message,
            ]);
            if (attempts.length < succeedsAt) throw new Error(`failure ${attempts.length}`);
          },
        });
      },
      { clock },
    );
    await clock.advance(1000 + durationInMs);
    return attempts;
  };

  test("a fixed delay, up to the count", async () => {
    const retry = {
      strategy: "fixedDelay",
      maxRetryCount: 2,
      delayInterval: { seconds: 5 },
    } as const;

    expect(await attemptsWithin(retry, 60_000)).toEqual([
      [0, undefined, undefined],
      [5, 1, "failure 1"],
      [10, 2, "failure 2"],
    ]);
  });

  test("an exponential delay, up to its maximum", async () => {
    const retry = {
      strategy: "exponentialBackoff",
      maxRetryCount: 4,
      minimumInterval: { seconds: 1 },
      maximumInterval: { seconds: 4 },
    } as const;

    const attempts = await attemptsWithin(retry, 60_000);

    expect(attempts.map((attempt) => (attempt as number[])[0])).toEqual([0, 1, 3, 7, 11]);
  });

  test("-1 tries until it works", async () => {
    const retry = {
      strategy: "fixedDelay",
      maxRetryCount: -1,
      delayInterval: { seconds: 1 },
    } as const;

    expect(await attemptsWithin(retry, 3_600_000, 100)).toHaveLength(100);
  });

  test("delays grow and stay between minimum and maximum", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 100, max: 1000 }),
        fc.integer({ min: 0, max: 2000 }),
        (minimum, maximum, retryCount) => {
          const policy = {
            retryStrategy: "exponentialBackoff",
            maxRetryCount: -1,
            minimumInterval: { seconds: minimum },
            maximumInterval: { seconds: maximum },
          } as const;
          const delay = delayBefore(policy, retryCount);
          expect(delay).toBeGreaterThanOrEqual(minimum * 1000);
          expect(delay).toBeLessThanOrEqual(maximum * 1000);
          expect(delayBefore(policy, retryCount + 1)).toBeGreaterThanOrEqual(delay);
        },
      ),
    );
  });
});
