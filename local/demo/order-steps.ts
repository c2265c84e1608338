/** The demo's second half: order, send, be told how it went. */
import type { DemoAnswer, DemoClient } from "./client.ts";
import { type TimeLine, until } from "./time-line.ts";

const ORDERS = "/notifications/api/v1/future";

interface Receipt {
  readonly notification: { readonly shipmentId: string };
}

interface Shipment {
  readonly status: string;
  readonly recipients: readonly { readonly status: string }[];
}

interface FeedEntry {
  readonly shipmentId: string;
}

const mustBe =
  (...statuses: readonly number[]) =>
  ({ status, body }: DemoAnswer): string | undefined =>
    statuses.includes(status) ? undefined : `The answer is ${status}: ${JSON.stringify(body)}`;

const shipmentIdOf = (answer: DemoAnswer | undefined): string =>
  (answer?.body as Receipt | undefined)?.notification.shipmentId ?? "";

async function follow(line: TimeLine, client: DemoClient, what: string, id: string): Promise<void> {
  const read = async (): Promise<Shipment> =>
    (await client.call("GET", `${ORDERS}/shipment/${id}`)).body as Shipment;
  await line.step(
    `the ${what} is delivered, and its order is complete`,
    () => until(read, ({ status }) => status === "Order_Completed"),
    (shipment) =>
      shipment.status === "Order_Completed" &&
      shipment.recipients.every(({ status }) => status.endsWith("_Delivered"))
        ? undefined
        : JSON.stringify(shipment),
  );
}

const countInFeed = async (client: DemoClient, id: string): Promise<number> => {
  let sequence = 0;
  let count = 0;
  for (;;) {
    const { body } = await client.call("GET", `${ORDERS}/shipment/feed?seq=${sequence}`);
    const entries = body as readonly (FeedEntry & { readonly sequenceNumber: number })[];
    const last = entries.at(-1);
    if (!last) return count;
    count += entries.filter(({ shipmentId }) => shipmentId === id).length;
    sequence = last.sequenceNumber;
  }
};

const checkInbox = (line: TimeLine, client: DemoClient, address: string) =>
  line.step(
    "the inbox has the e-mail once",
    async () =>
      (await client.fromInbox(`/messages?to=${address}`, 1)) as {
        readonly messages: readonly unknown[];
      },
    ({ messages }) => (messages.length === 1 ? undefined : `It has it ${messages.length} times`),
  );

/** @param run names this run, so that a stack can be shown more than once */
export async function showOrders(line: TimeLine, client: DemoClient, run: string): Promise<void> {
  const order = (name: string, recipient: object) =>
    client.call("POST", `${ORDERS}/orders`, { idempotencyId: `${run}-${name}`, recipient });
  const mail = {
    recipientEmail: {
      emailAddress: `${run}@example.com`,
      emailSettings: { subject: "A letter", body: "There is a letter for you." },
    },
  };
  const text = {
    recipientSms: {
      phoneNumber: "+4799999991",
      smsSettings: { body: "There is a letter for you.", sendingTimePolicy: "Anytime" },
    },
  };
  const email = await line.step("order an e-mail", () => order("email", mail), mustBe(201));
  const sms = await line.step("order an SMS", () => order("sms", text), mustBe(201));
  const ids = [shipmentIdOf(email), shipmentIdOf(sms)];
  await follow(line, client, "e-mail", ids[0] ?? "");
  await follow(line, client, "SMS", ids[1] ?? "");
  await line.step(
    "the order of the same e-mail again is answered alike",
    () => order("email", mail),
    (answer) =>
      answer.status === 200 && shipmentIdOf(answer) === ids[0]
        ? undefined
        : `The answer is ${answer.status}`,
  );
  await checkInbox(line, client, `${run}@example.com`);
  await line.step(
    "the status feed has each order once",
    () =>
      until(
        () => Promise.all(ids.map((id) => countInFeed(client, id))),
        (counts) => counts.every((count) => count > 0),
      ),
    (counts) => (counts.every((count) => count === 1) ? undefined : `It has ${counts.join(", ")}`),
  );
}
