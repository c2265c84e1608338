import { afterEach, beforeAll, afterAll, describe, expect, test } from "vitest";
import { startTestPlatform, type TestPlatform } from "../test-platform.ts";
import { createCallLog } from "./call-log.ts";
import type { Fault, FaultEffect } from "./faults.ts";

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
});

afterEach(() => {
  platform.faults.clear();
  platform.calls.clear();
});

afterAll(() => platform.stop());

const lookUp = (nationalId = "01869010061") =>
  platform.ask("POST", "/profile/api/v1/users/contactpoint/lookup", {
    nationalIdentityNumbers: [nationalId],
  });

const onProfile = (effect: Fault["effect"], more: Partial<Fault> = {}) =>
  platform.faults.add({ service: "profile", effect, ...more });

describe("what a fault does", () => {
  test.each([429, 500, 503])("a status instead of an answer: %i", async (status) => {
    onProfile({ kind: "status", status, retryAfterInSeconds: 7 });

    const answer = await lookUp();

    expect(answer.status).toBe(status);
    expect(answer.headers.get("retry-after")).toBe("7");
  });

  test("an answer that comes late, by the stand-in's clock", async () => {
    onProfile({ kind: "delay", delayInMs: 30_000 });
    let isAnswered = false;
    const answering = lookUp().then((answer) => {
      isAnswered = true;
      return answer;
    });
    while (platform.calls.count("profile") === 0) await new Promise(setImmediate);

    await platform.clock.advance(29_999);
    expect(isAnswered).toBe(false);
    await platform.clock.advance(1);

    expect((await answering).body).toMatchObject({ contactPointsList: [{ userId: 20000001 }] });
  });

  test("no answer at all", async () => {
    onProfile({ kind: "hang" });
    const controller = new AbortController();
    const answering = fetch(`${platform.url}/profile/api/v1/users/contactpoint/lookup`, {
      method: "POST",
      body: "{}",
      signal: controller.signal,
    });
    while (platform.calls.count("profile") === 0) await new Promise(setImmediate);
    await platform.clock.advance(3_600_000);

    controller.abort(new Error("waited long enough"));

    await expect(answering).rejects.toThrow("waited long enough");
  });

  test.each(["before-answer", "during-answer"] as const)(
    "a connection that breaks: %s",
    async (when) => {
      onProfile({ kind: "reset", when });

      await expect(lookUp()).rejects.toThrow(/fetch failed|terminated/);
    },
  );

  test.each([
    ["cut", /^\{"contactPointsList.*[^}]$/],
    ["html", /^<!doctype html>/],
    ["empty", /^$/],
  ] as const)("something else than was asked for: %s", async (body, pattern) => {
    onProfile({ kind: "malformed", body });

    const { status, text } = await lookUp();

    expect(status).toBe(200);
    expect(text).toMatch(pattern);
  });
});

describe("whom a fault hits", () => {
  const status500: FaultEffect = { kind: "status", status: 500 };

  const statusesOf = async (count: number): Promise<readonly number[]> => {
    const statuses: number[] = [];
    for (let call = 0; call < count; call++) statuses.push((await lookUp()).status);
    return statuses;
  };

  test("so many calls from one on", async () => {
    onProfile(status500, { fromCall: 2, count: 2 });

    expect(await statusesOf(4)).toEqual([200, 500, 500, 200]);
  });

  test("only one service, only one of its paths, until it is taken away", async () => {
    platform.faults.add({ service: "register", effect: status500 });
    onProfile(status500, { pathEnd: "/lookupsi" });
    const remove = onProfile(status500, { pathEnd: "contactpoint/lookup" });

    expect(await statusesOf(1)).toEqual([500]);
    remove();
    expect(await statusesOf(1)).toEqual([200]);
    expect((await platform.ask("GET", "/register/api/v1/persons")).status).toBe(500);
  });

  test("the same over HTTP", async () => {
    const fault = { service: "profile", effect: status500, count: 1 };

    expect((await platform.ask("POST", "/faults", fault)).status).toBe(201);
    expect((await platform.ask("GET", "/faults")).body).toEqual([{ ...fault, fromCall: 1 }]);
    expect(await statusesOf(2)).toEqual([500, 200]);
    expect((await platform.ask("DELETE", "/faults")).status).toBe(204);
    expect(platform.faults.list()).toEqual([]);
  });

  test.each([
    [{ service: "profile" }, "effect"],
    [{ service: "weather", effect: status500 }, "service"],
    [{ service: "profile", effect: { kind: "status", status: 200 } }, "status"],
  ])("what is no fault is refused, and why: %j", async (fault, name) => {
    const answer = await platform.ask("POST", "/faults", fault);

    expect(answer.status).toBe(400);
    expect(answer.text).toContain(name);
    expect(platform.faults.list()).toEqual([]);
  });

  test("a page of another origin can neither break nor change anything", async () => {
    const form = { "content-type": "text/plain" };

    const broken = await platform.ask("POST", "/faults", "{}", form);
    const changed = await platform.ask("PATCH", "/fixture", "{}", form);

    expect([broken.status, changed.status]).toEqual([415, 415]);
  });
});

describe("what was asked", () => {
  test("is told in order, with headers and body, by service", async () => {
    await lookUp("02877560042");
    await platform.ask("GET", "/register/api/v1/persons?x=1", undefined, { "x-request": "7" });

    expect(platform.calls.list()).toMatchObject([
      {
        service: "profile",
        method: "POST",
        body: expect.stringContaining("02877560042") as string,
      },
      { service: "register", query: { x: "1" }, headers: { "x-request": "7" } },
    ]);
    expect((await platform.ask("GET", "/calls?service=register")).body).toHaveLength(1);
    expect((await platform.ask("GET", "/calls?service=weather")).status).toBe(400);
  });

  test("is counted, and forgotten on request", async () => {
    await lookUp();
    await lookUp();

    expect(platform.calls.count("profile")).toBe(2);
    expect((await platform.ask("DELETE", "/calls")).status).toBe(204);
    expect(platform.calls.count("profile")).toBe(0);
    expect(platform.calls.list()).toEqual([]);
  });

  test("is remembered for the last thousand calls only", () => {
    const log = createCallLog();
    const aCall = (path: string) => ({
      method: "GET",
      path,
      query: new URLSearchParams(),
      headers: {},
      body: "",
    });

    for (let call = 1; call <= 2500; call++) log.record("profile", aCall(`/${call}`));

    expect(log.list()).toHaveLength(1000);
    expect(log.list().at(-1)?.path).toBe("/2500");
    expect(log.count("profile")).toBe(2500);
  });
});
