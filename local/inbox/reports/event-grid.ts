/** Event Grid's side of a webhook: the handshake, both schemas, the headers. */
import type { Clock } from "../../clock.ts";
import type { Settings } from "../settings.ts";
import type { EventPayload, QueuedReport } from "../store/report-queue.ts";
import { callReceiver, causeOf, type Patience } from "./post.ts";
import type { Attempt } from "./schedule.ts";

export type EventSchema = Settings["reportSchema"];

export interface EventGridPorts {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly patience: Patience;
}

export const TOPIC =
  "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/Microsoft.Communication/communicationServices/inbox";

/** Where Event Grid says that it comes from when it asks a CloudEvents receiver. */
const ORIGIN = "eventgrid.azure.net";

/** The documents spell this key in two ways, one for each schema. */
const asCloudData = (data: EventPayload["data"]): EventPayload["data"] =>
  Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key.replace(/TimeStamp$/, "Timestamp"), value]),
  );

export function renderEvent(
  { id, type, subject, time, data }: EventPayload,
  schema: EventSchema,
): unknown {
  return schema === "cloud-events"
    ? { id, source: TOPIC, subject, data: asCloudData(data), type, time, specversion: "1.0" }
    : [
        {
          id,
          topic: TOPIC,
          subject,
          data,
          eventType: type,
          dataVersion: "1.0",
          metadataVersion: "1",
          eventTime: time,
        },
      ];
}

const contentTypes = {
  "event-grid": "application/json; charset=utf-8",
  "cloud-events": "application/cloudevents+json; charset=utf-8",
} as const;

const SUCCESSES: readonly number[] = [200, 201, 202, 203, 204];

export async function deliverEvent(
  { newId, patience }: EventGridPorts,
  url: string,
  report: QueuedReport,
  schema: EventSchema,
): Promise<Attempt> {
  const { payload, attempts } = report;
  if (payload.kind === "link") throw new Error("A report of LINK Mobility is no event.");
  const body = payload.kind === "raw" ? payload.body : JSON.stringify(renderEvent(payload, schema));
  try {
    const { status } = await callReceiver(
      url,
      {
        method: "POST",
        headers: {
          "content-type": contentTypes[schema],
          "aeg-event-type": "Notification",
          "aeg-subscription-name": "INBOX",
          "aeg-delivery-count": String(attempts),
          "aeg-data-version": "1.0",
          "aeg-metadata-version": "1",
          "aeg-output-event-id": newId(),
        },
        body,
      },
      patience,
    );
    return { isTaken: SUCCESSES.includes(status), status, outcome: `HTTP ${status}` };
  } catch (error) {
    return { isTaken: false, outcome: causeOf(error) };
  }
}

function isEchoed(text: string, code: string): boolean {
  try {
    const answer = JSON.parse(text) as { readonly validationResponse?: unknown } | null;
    return answer?.validationResponse === code;
  } catch {
    return false;
  }
}

async function validateWithCode(
  { clock, newId, patience }: EventGridPorts,
  url: string,
): Promise<string | undefined> {
  const validationCode = newId();
  const event = {
    id: newId(),
    topic: TOPIC,
    subject: "",
    data: {
      validationCode,
      validationUrl: `https://rp-local.eventgrid.azure.net:553/eventsubscriptions/inbox/validate?id=${validationCode}`,
    },
    eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
    eventTime: new Date(clock.now()).toISOString(),
    metadataVersion: "1",
    dataVersion: "2",
  };
  const { status, text } = await callReceiver(
    url,
    {
      method: "POST",
      headers: {
        "content-type": contentTypes["event-grid"],
        "aeg-event-type": "SubscriptionValidation",
        "aeg-subscription-name": "INBOX",
        "aeg-delivery-count": "0",
        "aeg-data-version": "2",
        "aeg-metadata-version": "1",
      },
      body: JSON.stringify([event]),
    },
    patience,
  );
  if (status !== 200) return `HTTP ${status}`;
  return isEchoed(text, validationCode) ? undefined : "The answer does not echo the code.";
}

async function validateWithOptions(
  { patience }: EventGridPorts,
  url: string,
): Promise<string | undefined> {
  const { status, headers } = await callReceiver(
    url,
    {
      method: "OPTIONS",
      headers: { "webhook-request-origin": ORIGIN, "webhook-request-rate": "120" },
    },
    patience,
  );
  if (status !== 200) return `HTTP ${status}`;
  const allowed = headers["webhook-allowed-origin"];
  return allowed === ORIGIN || allowed === "*" ? undefined : "The origin is not allowed.";
}

/** @returns why the receiver is not valid; undefined when it is */
export async function validateReceiver(
  ports: EventGridPorts,
  url: string,
  schema: EventSchema,
): Promise<string | undefined> {
  try {
    return schema === "cloud-events"
      ? await validateWithOptions(ports, url)
      : await validateWithCode(ports, url);
  } catch (error) {
    return causeOf(error);
  }
}

/** What Event Grid would write to the dead-letter container. */
export function renderDeadLetter(report: QueuedReport, schema: EventSchema): unknown {
  const { payload, publishedAt, lastAttemptAt, lastOutcome, deadReason, attempts } = report;
  const event = payload.kind === "event" ? [renderEvent(payload, schema)].flat()[0] : payload;
  return {
    ...(event as object),
    deadLetterReason: deadReason,
    deliveryAttempts: attempts,
    lastDeliveryOutcome: lastOutcome,
    publishTime: new Date(publishedAt).toISOString(),
    ...(lastAttemptAt !== undefined && {
      lastDeliveryAttemptTime: new Date(lastAttemptAt).toISOString(),
    }),
  };
}
