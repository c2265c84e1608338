/** What the steps of this context need of the outside. */
import type { Question } from "./decision.ts";
import type { Delivery } from "./delivery.ts";
import type { NewEvent, StoredEvent } from "./stored-event.ts";
import type { Subscription } from "./subscription.ts";
import type { WebhookCall } from "./webhook-payload.ts";

/** The store of events, ordered within each subject. */
export interface EventStore {
  /**
   * Stores events. Safe to repeat: one that is there already is not stored again.
   *
   * @returns for each event, in the given order, what became of it
   */
  append(events: readonly NewEvent[]): Promise<readonly ("stored" | "duplicate")[]>;
  get(subject: string, key: string): Promise<StoredEvent | undefined>;
  /** Events of a subject after a sequence number, ascending. */
  list(subject: string, after: number, limit: number): Promise<readonly StoredEvent[]>;
  lastSequence(subject: string): Promise<number>;
  /** The lowest sequence number of an event id within a subject. */
  findSequence(subject: string, eventId: string): Promise<number | undefined>;
}

/** An event with its number in a feed. */
export interface FeedEntry {
  readonly number: number;
  readonly stored: StoredEvent;
}

/** Feeds that stored events are projected to; numbered without gaps in the order of projection. */
export interface EventFeeds {
  /** Safe to repeat: an event that the feed has is passed over. */
  append(feed: string, events: readonly StoredEvent[]): Promise<void>;
  read(feed: string, after: number, limit: number): Promise<readonly FeedEntry[]>;
  lastNumber(feed: string): Promise<number>;
  /** The lowest number of an event id within a feed. */
  find(feed: string, eventId: string): Promise<number | undefined>;
}

/** Asks the decision point. */
export interface Decisions {
  /**
   * One answer for each question, in order; anything but a permit whose obligations are met is `false`.
   *
   * @throws {RetryLater} the decision point does not answer: that is never a "no"
   */
  decide(questions: readonly Question[]): Promise<readonly boolean[]>;
}

/** A business that others belong to. */
export interface MainUnit {
  readonly urn: string;
  readonly partyId: number;
}

/** Asks the register of parties. */
export interface Parties {
  /** The party of a person or a business; `undefined` when the register knows none. */
  findPartyId(
    by: { readonly ssn: string } | { readonly orgNo: string },
  ): Promise<number | undefined>;
  /** The main unit of a sub-unit, named by URN. */
  findMainUnit(urn: string): Promise<MainUnit | undefined>;
}

/** The store of subscriptions; what it says holds at once everywhere. */
export interface SubscriptionStore {
  get(id: number): Promise<Subscription | undefined>;
  /** @returns `"taken"` when the id belongs to another subscription */
  create(subscription: Subscription): Promise<"created" | "exists" | "taken">;
  replace(subscription: Subscription): Promise<void>;
  delete(subscription: Subscription): Promise<void>;
  listOf(consumer: string): Promise<readonly Subscription[]>;
  countOf(consumer: string): Promise<number>;
  /** Validated subscriptions under one of the match keys. */
  listMatching(matchKey: string): Promise<readonly Subscription[]>;
}

/** The record of every delivery; it also makes a delivery happen once. */
export interface DeliveryLog {
  get(subscriptionId: number, key: string): Promise<Delivery | undefined>;
  put(delivery: Delivery): Promise<void>;
  listOf(subscriptionId: number, limit: number): Promise<readonly Delivery[]>;
}

/** Work that is handed on by message. Safe to repeat: message ids are derived. */
export interface EventQueues {
  requestPushes(pushes: readonly PushRequest[], redriveId?: string): Promise<void>;
  /** @param requestId tells one request for validation from another */
  requestValidation(subscriptionId: number, requestId: string): Promise<void>;
}

/** One event that is due to one subscription. */
export interface PushRequest {
  readonly subscriptionId: number;
  readonly subject: string;
  readonly key: string;
  readonly traceparent: string;
}

/** What an end point said. */
export type WebhookAnswer =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly excerpt: string;
      readonly retryAfter?: string;
    }
  | { readonly kind: "no-answer"; readonly reason: string };

/** Calls end points of subscribers. */
export interface Webhooks {
  /** @throws {PermanentFailure} egress-refused – the address must not be called */
  post(call: WebhookCall): Promise<WebhookAnswer>;
  /** Whether a subscriber may name this address at all. */
  isAllowed(url: URL): boolean;
}
