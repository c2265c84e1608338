/** `kill -9` in the middle of the work: what was acknowledged is there, once; what was begun is finished. */
import { randomInt, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aStackProcess, type StackProcess } from "../support/stack-process.ts";

const KILLS = 5;
const WORKERS = 4;
const ORDERS_A_ROUND = 12;
const resource = "urn:altinn:resource:ttd-letters";
const scopes =
  "altinn:events.publish altinn:events.subscribe altinn:serviceowner/notifications.create";

interface FeedItem {
  readonly id: string;
}

interface Captured {
  readonly to: readonly string[];
}

const sleep = (delayInMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayInMs));

describe("EV-D24, NO-D03: five kill -9 while events are published and orders are placed", () => {
  const folder = mkdtempSync(join(tmpdir(), "budstikke-kill-"));
  const acknowledgedEvents = new Set<string>();
  const acknowledgedOrders = new Map<string, string>();
  const attemptedAddresses = new Set<string>();
  let stack: StackProcess;
  let authorization: string;

  const post = async (path: string, contentType: string, body: unknown): Promise<Response> =>
    fetch(`${stack.hostUrl}${path}`, {
      method: "POST",
      headers: { authorization, "content-type": contentType },
      body: JSON.stringify(body),
    });

  const get = async (url: string): Promise<{ body: unknown; next: string | null }> => {
    const response = await fetch(url, { headers: { authorization } });
    return { body: await response.json(), next: response.headers.get("next") };
  };

  const publishOne = async (): Promise<void> => {
    const id = randomUUID();
    const response = await post("/events/api/v1/events", "application/cloudevents+json", {
      specversion: "1.0",
      id,
      type: "letter.sent",
      source: "https://example.com/letters",
      resource,
      subject: `/party/${50_000_000 + randomInt(5)}`,
    });
    if (response.ok) acknowledgedEvents.add(id);
  };

  const orderOne = async (): Promise<void> => {
    const address = `kill-${randomUUID()}@example.com`;
    attemptedAddresses.add(address);
    const response = await post("/notifications/api/v1/future/orders", "application/json", {
      idempotencyId: address,
      recipient: {
        recipientEmail: {
          emailAddress: address,
          emailSettings: { subject: "A letter", body: "You have a letter." },
        },
      },
    });
    if (!response.ok) return;
    const receipt = (await response.json()) as { notification: { shipmentId: string } };
    acknowledgedOrders.set(address, receipt.notification.shipmentId);
  };

  /** Works until the stack is gone under its hands. */
  const work = async (): Promise<void> => {
    for (;;) {
      try {
        await publishOne();
        await orderOne();
      } catch {
        return; // the connection broke: nobody knows whether the last request was taken
      }
    }
  };

  const allOf = async (): Promise<string[]> => {
    const ids: string[] = [];
    let url = `${stack.hostUrl}/events/api/v1/events?resource=${resource}&after=0&size=1000`;
    for (;;) {
      const { body, next } = await get(url);
      const items = body as FeedItem[];
      ids.push(...items.map(({ id }) => id));
      if (items.length === 0 || next === null) return ids;
      url = next;
    }
  };

  const mailsTo = async (): Promise<string[]> => {
    const { body } = await get(`${stack.inboxUrl}/messages?channel=email&limit=1000`);
    return (body as { messages: readonly Captured[] }).messages.flatMap(({ to }) => to);
  };

  beforeAll(async () => {
    stack = await aStackProcess(folder);
    for (let kill = 0; kill < KILLS; kill++) {
      await stack.start();
      const query = new URLSearchParams({ org: "ttd", orgNo: "991825827", scopes });
      const token = await fetch(`${stack.platformUrl}/api/GetEnterpriseToken?${query.toString()}`);
      authorization = `Bearer ${await token.text()}`;
      const enough = acknowledgedOrders.size + ORDERS_A_ROUND;
      const workers = Array.from({ length: WORKERS }, work);
      // However slow the machine is: in the middle of the work, at a moment that nobody chose.
      while (acknowledgedOrders.size < enough) await sleep(20);
      await sleep(randomInt(200));
      await stack.kill();
      await Promise.all(workers);
    }
    await stack.start();
  }, 120_000);

  afterAll(async () => {
    await stack.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test("no acknowledged event is lost, none is doubled in a feed", async () => {
    await expect
      .poll(
        async () => {
          const seen = new Set(await allOf());
          return [...acknowledgedEvents].filter((id) => !seen.has(id)).length;
        },
        { timeout: 30_000, interval: 200 },
      )
      .toBe(0);

    const ids = await allOf();
    expect(acknowledgedEvents.size).toBeGreaterThanOrEqual(KILLS * ORDERS_A_ROUND);
    expect(new Set(ids).size).toBe(ids.length);
  }, 40_000);

  test("every acknowledged order is sent, and no order is sent twice", async () => {
    await expect
      .poll(
        async () => {
          const seen = new Set(await mailsTo());
          return [...acknowledgedOrders.keys()].filter((address) => !seen.has(address)).length;
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBe(0);

    const addresses = (await mailsTo()).filter((address) => attemptedAddresses.has(address));
    expect(acknowledgedOrders.size).toBeGreaterThanOrEqual(KILLS * ORDERS_A_ROUND);
    expect(new Set(addresses).size).toBe(addresses.length);
  }, 90_000);

  test("every acknowledged order is finished after the restart", async () => {
    await expect
      .poll(
        async () => {
          const states = await Promise.all(
            [...acknowledgedOrders.values()].map((shipmentId) =>
              get(`${stack.hostUrl}/notifications/api/v1/future/shipment/${shipmentId}`),
            ),
          );
          return states.filter(
            ({ body }) => (body as { status?: string }).status !== "Order_Completed",
          ).length;
        },
        { timeout: 60_000, interval: 1000 },
      )
      .toBe(0);
  }, 70_000);
});
