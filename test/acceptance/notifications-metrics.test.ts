/** Figures: what ended on a day as Parquet, what a month came to by creator, and who may see it. */
import { createHash } from "node:crypto";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aFutureOrder, anEmail, anSms, aPerson } from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

const BASE = "/notifications/api/v1/metrics";
const KEY = { "x-api-key": "local-metrics-key" };
const DAY = 24 * 60 * 60_000;

/** A hundred characters with two that count twice: two messages when there are 170 of them. */
const LONG_TEXT = "There is a letter for you. ".repeat(8);

let flow: NotificationFlow;
const shipments: string[] = [];

async function place(idempotencyId: string, recipient: object): Promise<void> {
  const body = aFutureOrder({ idempotencyId, recipient, sendersReference: idempotencyId });
  const { json } = await flow.order("/future/orders", body);
  shipments.push((json as { notification: { shipmentId: string } }).notification.shipmentId);
}

beforeAll(async () => {
  flow = await startNotificationFlow();
  await place("email", anEmail());
  await place("sms", anSms({ sendingTimePolicy: "Anytime", body: LONG_TEXT }));
  await place("person", aPerson({ nationalIdentityNumber: "01869010061" }));
  await flow.pass(5000);
});

afterAll(() => flow.stop());

const operator = async () => ({
  authorization: `Bearer ${await flow.platform.bearer({ scope: "budstikke:operate" })}`,
});

const showMonth = async (form: string) =>
  flow.request("POST", BASE, {
    headers: { ...(await operator()), "content-type": "application/x-www-form-urlencoded" },
    body: form,
  });

const cellsOf = (html: string): readonly (readonly string[])[] =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = ""]) =>
    [...row.matchAll(/<t[dh]>(.*?)<\/t[dh]>/g)].map(([, cell = ""]) => cell),
  );

describe("before the day is over", () => {
  test("NO-D29, NO-D42: the month counts what has ended, SMS as the messages that their texts made", async () => {
    const { status, text } = await showMonth("month=1&year=2026");

    expect(status).toBe(200);
    expect(cellsOf(text)).toEqual([
      [
        "Organization",
        "Total orders",
        "Total email notifications",
        "Successful email notifications",
        "Total SMS notifications",
        "Successful SMS notifications",
      ],
      ["ttd", "3", "2", "2", "2", "2"],
    ]);
  });

  test("a month without any says so", async () => {
    const { text } = await showMonth("month=12&year=2024");

    expect(text).toContain("No notification orders with requested send time in December 2024");
  });

  test("the form offers six years and the months", async () => {
    const { status, text, headers } = await flow.request("GET", BASE, {
      headers: await operator(),
    });

    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(text.match(/<option/g)).toHaveLength(12 + 6);
    expect(text).toContain(">2021<");
  });

  test("a month that is none is refused", async () => {
    expect(await showMonth("month=13&year=2026")).toMatchObject({ status: 400 });
    expect(await showMonth("")).toMatchObject({ status: 400 });
  });

  test("NO-D34: without the scope of support or operators nobody sees it", async () => {
    const creator = await flow.platform.bearer({
      scope: "altinn:serviceowner/notifications.create",
    });
    const headers = { authorization: `Bearer ${creator}` };

    expect(await flow.request("GET", BASE)).toMatchObject({ status: 401 });
    expect(await flow.request("GET", BASE, { headers })).toMatchObject({ status: 403 });
    expect(await flow.request("POST", BASE, { headers })).toMatchObject({ status: 403 });
  });
});

describe("the day after", () => {
  beforeAll(async () => {
    await flow.clock.advance(DAY);
    await flow.runTimer("ArchiveMetrics");
  });

  const fetchFile = (channel: string, headers: Record<string, string> = KEY) =>
    flow.request("POST", `${BASE}/${channel}`, { headers });

  test("NO-D29: the file of SMS says what each came to, by the id of its shipment", async () => {
    const { status, headers, bytes } = await fetchFile("sms");
    const rows = await parquetReadObjects({ file: bytes.slice().buffer });

    expect(status).toBe(200);
    expect(rows).toEqual([
      {
        SmsId: expect.any(BigInt) as unknown,
        ShipmentId: shipments[1],
        SendersReference: "sms",
        RequestedSendTime: expect.stringMatching(/^2026-01-15T10:45:00\.\d{7}Z$/) as unknown,
        CreatorName: "ttd",
        ResourceId: null,
        Result: "Delivered",
        GatewayReference: expect.any(String) as unknown,
        Rate: "innland",
        MobileNumberPrefix: "+479",
        AltinnSmsCount: 2,
        AltinnSmsBodyLength: LONG_TEXT.length,
        AltinnSmsCustomBodyLength: 0,
      },
    ]);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": expect.stringContaining(
        "20260115_sms_notifications_local.parquet",
      ) as unknown,
      "x-file-hash": createHash("md5").update(bytes).digest("base64"),
      "x-file-size": String(bytes.byteLength),
      "x-total-filetransfer-count": "1",
      "x-generated-at": expect.stringMatching(/^2026-01-16T.*\.\d{7}Z$/) as unknown,
      "x-environment": "local",
    });
  });

  test("the file of e-mails has no address and no national id", async () => {
    const { bytes } = await fetchFile("email");
    const rows = await parquetReadObjects({ file: bytes.slice().buffer });

    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({ EmailId: expect.any(BigInt) as unknown, Result: "Delivered" });
    const cells = rows.flatMap((row) => Object.values(row).map(String)).join(" ");
    expect(cells).not.toMatch(/@|01869010061/);
  });

  test("a day without any still makes a file", async () => {
    await flow.clock.advance(DAY);

    const { bytes, headers } = await fetchFile("email");

    expect(headers.get("x-total-filetransfer-count")).toBe("0");
    expect(await parquetReadObjects({ file: bytes.slice().buffer })).toEqual([]);
  });

  test("NO-D42: a closed day is read as its sums", async () => {
    const { text } = await showMonth("month=1&year=2026");

    expect(cellsOf(text)[1]).toEqual(["ttd", "3", "2", "2", "2", "2"]);
    expect(await flow.app.notifications.metrics.sums("2026-01-15")).toHaveLength(1);
  });

  test.each([
    [{}, "API key required for Metrics endpoints"],
    [{ "x-api-key": " " }, "API key cannot be empty"],
    [{ "x-api-key": "wrong" }, "Invalid API key"],
  ])("with the headers %o the answer is 401", async (headers, error) => {
    const { status, text } = await fetchFile("sms", { ...headers });

    expect({ status, text }).toEqual({ status: 401, text: JSON.stringify({ error }) });
  });
});
