/** The requests that the measurements send. */
import { randomUUID } from "node:crypto";

const resource = "urn:altinn:resource:ttd-letters";

export const scopes = [
  "altinn:events.publish",
  "altinn:events.subscribe",
  "altinn:serviceowner/notifications.create",
].join(" ");

/** A token of the service owner `ttd` from the platform stand-in. */
export async function fetchToken(platformUrl: string): Promise<string> {
  const query = new URLSearchParams({ org: "ttd", orgNo: "991825827", scopes, ttl: "3600" });
  const response = await fetch(`${platformUrl}/api/GetEnterpriseToken?${query.toString()}`);
  if (!response.ok) throw new Error(`No token: ${response.status}`);
  return response.text();
}

/** An event about one of a thousand parties; some 400 bytes. */
export const anEvent = (index: number): Record<string, unknown> => ({
  specversion: "1.0",
  id: randomUUID(),
  type: "letter.sent",
  source: `https://example.com/letters/${index}`,
  resource,
  subject: `/party/${50_000_000 + (index % 1000)}`,
  datacontenttype: "application/json",
  data: { title: "A letter", reference: `reference-${index}`, pages: index % 7 },
});

export const feedPath = `/events/api/v1/events?resource=${resource}&after=0&size=50`;

export const aSubscription = (endPoint: string): Record<string, unknown> => ({
  endPoint,
  resourceFilter: resource,
});

export const anEmailOrder = (index: number): Record<string, unknown> => ({
  idempotencyId: randomUUID(),
  sendersReference: `bench-${index}`,
  recipient: {
    recipientEmail: {
      emailAddress: `bench-${index}@example.com`,
      emailSettings: { subject: "A letter", body: "You have a letter.", contentType: "Plain" },
    },
  },
});

export const anSmsOrder = (index: number): Record<string, unknown> => ({
  idempotencyId: randomUUID(),
  sendersReference: `bench-${index}`,
  recipient: {
    recipientSms: {
      phoneNumber: "+4799999990",
      smsSettings: { body: "You have a letter.", sendingTimePolicy: "Anytime" },
    },
  },
});

/** As agencies send to many: one text, a list of addresses. */
export const aBulkOrder = (index: number, recipients: number): Record<string, unknown> => ({
  sendersReference: `bench-bulk-${index}`,
  subject: "A letter",
  body: "You have a letter.",
  contentType: "Plain",
  recipients: Array.from({ length: recipients }, (_, place) => ({
    emailAddress: `bench-bulk-${index}-${place}@example.com`,
  })),
});
