/** What the steps of this context need of the outside. */
import type { Question } from "./decision.ts";
import type { Delivery, DeliveryState, RecordedDecision } from "./delivery.ts";
import type { Notice } from "./notice.ts";
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
  /** Absent when it was erased: the number stays. */
  readonly stored?: StoredEvent;
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

/** Decisions that say how old they are: a permit may be believed for some seconds. */
export interface DatedDecisions extends Decisions {
  /**
   * The answer to one question, and when it was given.
   *
   * @throws {RetryLater} the decision point does not answer: that is never a "no"
   */
  decideOne(question: Question): Promise<RecordedDecision>;
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

/** The store of subscriptions; but for matching, what it says holds at once everywhere. */
export interface SubscriptionStore {
  get(id: number): Promise<Subscription | undefined>;
  /** @returns `"taken"` when the id belongs to another subscription */
  create(subscription: Subscription): Promise<"created" | "exists" | "taken">;
  /**
   * Changes a subscription as it is now, whoever else changes it at the same time. Safe to repeat.
   *
   * @param change is run again when somebody else was first; what it returns unchanged is not written
   * @returns the subscription afterwards; `undefined` when it was deleted meanwhile
   */
  update(
    id: number,
    change: (current: Subscription) => Subscription,
  ): Promise<Subscription | undefined>;
  delete(subscription: Subscription): Promise<void>;
  listOf(consumer: string): Promise<readonly Subscription[]>;
  countOf(consumer: string): Promise<number>;
  /** Subscriptions under one of the match keys that have been validated once; may be two seconds old. */
  listMatching(matchKey: string): Promise<readonly Subscription[]>;
  /**
   * Whether the keys of single subjects need be looked up for a resource: `false` when it never had a subscription that
   * is matched by subject. May be two seconds old.
   */
  hasSubjects(resource: string): Promise<boolean>;
}

/** Some deliveries of one subscription. */
export interface DeliverySelection {
  readonly subscriptionId: number;
  readonly states: readonly DeliveryState[];
  /** When their events were stored, both included; RFC 3339. */
  readonly from: string;
  readonly to: string;
  /** The replay that is to take them up: those that it has taken up are left out. */
  readonly round: string;
}

/** The record of every delivery; it also makes a delivery happen once. */
export interface DeliveryLog {
  get(subscriptionId: number, key: string): Promise<Delivery | undefined>;
  put(delivery: Delivery): Promise<void>;
  /** Writes it only when the stored one is still in the state and the round of `before`. */
  move(before: Delivery, after: Delivery): Promise<void>;
  /** The latest, newest first; of one state when that is given. */
  listOf(
    subscriptionId: number,
    limit: number,
    state?: DeliveryState,
  ): Promise<readonly Delivery[]>;
  /** Oldest events first. */
  select(selection: DeliverySelection, limit: number): Promise<readonly Delivery[]>;
  count(selection: DeliverySelection): Promise<number>;
  /** Whether the selection has a later event of the same subject. */
  hasLater(selection: DeliverySelection, than: Delivery): Promise<boolean>;
  /** Whether anything got through since then. */
  hasDelivered(subscriptionId: number, since: string): Promise<boolean>;
}

/** Work that is handed on by message. Safe to repeat: message ids are derived. */
export interface EventQueues {
  requestPushes(pushes: readonly PushRequest[]): Promise<void>;
  /** The main unit of the event's subject is to be found, as soon as the register answers. */
  requestUnitFanOut(event: Omit<PushRequest, "subscriptionId" | "round">): Promise<void>;
  /** @param requestId tells one request for validation from another */
  requestValidation(subscriptionId: number, requestId: string): Promise<void>;
  /** @param dueAt epoch ms; at once when absent */
  requestReplay(replay: ReplayRequest, dueAt?: number): Promise<void>;
}

/** One event that is due to one subscription. */
export interface PushRequest {
  readonly subscriptionId: number;
  readonly subject: string;
  readonly key: string;
  /** The replay that asks for it; empty for the first time. */
  readonly round: string;
  readonly traceparent?: string;
}

/** What becomes of what was held or given up: everything, the latest of each subject, or nothing is pushed. */
export type ReplayChoice = "all" | "latest" | "skip";

/** A page of a replay. */
export interface ReplayRequest extends DeliverySelection {
  readonly choice: ReplayChoice;
  /** 1 for the first. */
  readonly page: number;
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

/** Whether an end point consents. */
export type WebhookConsent =
  | { readonly kind: "granted"; /** Absent: any. */ readonly callsPerMinute?: number }
  | { readonly kind: "refused"; readonly reason: string };

/** Calls end points of subscribers. */
export interface Webhooks {
  /** @throws {PermanentFailure} egress-refused – the address must not be called */
  post(call: WebhookCall): Promise<WebhookAnswer>;
  /**
   * Asks whether an end point consents to being told, without telling anything.
   *
   * @param origin the host name of this service
   * @throws {PermanentFailure} egress-refused – the address must not be called
   * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md section 4
   */
  askConsent(url: URL, origin: string): Promise<WebhookConsent>;
  /** Whether a subscriber may name this address at all. */
  isAllowed(url: URL): boolean;
}

/** Places notification orders. */
export interface Notices {
  /**
   * Accepted for sending when this returns. Safe to repeat by its idempotency id.
   *
   * @throws {RetryLater} orders cannot be placed now
   * @throws {PermanentFailure} this order never can
   */
  place(notice: Notice): Promise<void>;
}
