/** An event told to a person by e-mail or SMS: that something happened, never what it holds. */
import { derivedUuid } from "../../kernel/derived-id.ts";
import { appOf } from "./cloud-event.ts";
import type { EndPoint } from "./end-point.ts";
import type { StoredEvent } from "./stored-event.ts";
import type { Subscription } from "./subscription.ts";

/** A message that is to become a notification order. */
export interface Notice {
  /** The same for every attempt at the same delivery: however often it is placed, it is sent once. */
  readonly idempotencyId: string;
  /** Whose order it is: the acronym of a service owner, otherwise the consumer as it is. */
  readonly creator: string;
  readonly channel: "email" | "sms";
  readonly address: string;
  readonly subject?: string;
  readonly body: string;
  readonly traceparent: string;
}

const whereIt = (resource: string): string => {
  const app = appOf(resource);
  return app ? `${app.org}/${app.app}` : (resource.split(":").at(-1) ?? resource);
};

const creatorOf = (consumer: string): string => /^\/org\/([^/]+)$/.exec(consumer)?.[1] ?? consumer;

/** Only letters of the GSM alphabet, so that an SMS is one part. The subject may hold a national number: it is left out. */
const textOf = (type: string, resource: string): string =>
  `Det har skjedd noe i ${whereIt(resource)}: ${type}. Logg inn for å se mer.`;

/**
 * The notice of an event.
 *
 * @param round what tells one deliberate repeat from another; empty for the first time
 */
export function noticeOf(
  subscription: Subscription,
  { channel, address }: Extract<EndPoint, { kind: "notice" }>,
  { event, key, traceparent }: Pick<StoredEvent, "event" | "key" | "traceparent">,
  round: string,
): Notice {
  return {
    idempotencyId: derivedUuid("notice", String(subscription.id), key, round),
    creator: creatorOf(subscription.consumer),
    channel,
    address,
    ...(channel === "email" && { subject: `Ny hendelse i ${whereIt(event.resource)}` }),
    body: textOf(event.type, event.resource),
    traceparent,
  };
}
