/** A notification: one message to one address. */
import { derivedUuid } from "../../kernel/derived-id.ts";
import type { Evidence } from "./delivery-status.ts";
import type { Channel, HandOver, OrderType } from "./order.ts";
import { type Recipient, registerIdOf } from "./recipient.ts";

/** Which goes first when a provider's budget is short. */
export type Lane = "instant" | "normal" | "bulk";

/**
 * What came of a call to a provider. `unconfirmed`: the gateway may have the message and cannot be asked; it is shown,
 * and never sent again by itself.
 */
export type CallOutcome = "accepted" | "not-taken" | "unknown" | "unconfirmed";

/** The last call to the provider. */
export interface Sending {
  /** 1 for the first; rises only when an operator has it sent anew. */
  readonly attempt: number;
  /** Stored before the call. */
  readonly startedAt: number;
  /** When this attempt was tried first; absent when that was the last try. */
  readonly firstStartedAt?: number;
  /** E-mail: derived, given to the provider. SMS: the provider's own, once it has answered. */
  readonly reference?: string;
  /** Absent while the call is under way, and after a crash in the middle of it. */
  readonly outcome?: CallOutcome;
  /** Since when the provider is asked what became of it, because no report has come. */
  readonly askedSince?: number;
}

/** Something that was heard about a notification; kept, also when it changed nothing. */
export interface HeardReport extends Evidence {
  readonly heardAt: number;
  /** What the provider said, without addresses. */
  readonly detail?: string;
}

/** Instants are milliseconds since the epoch. */
export interface Notification extends Evidence {
  readonly id: string;
  readonly orderId: string;
  readonly creator: string;
  readonly orderType: OrderType;
  /** Place among the notifications of the order. */
  readonly index: number;
  readonly channel: Channel;
  readonly lane: Lane;
  /** Empty when the recipient is reserved or has none. */
  readonly address: string;
  readonly recipient: Pick<
    Recipient,
    "nationalIdentityNumber" | "organizationNumber" | "externalIdentity"
  >;
  /** Texts of its own, where the template has keywords. */
  readonly subject?: string;
  readonly body?: string;
  readonly createdAt: number;
  /** Not before; the opening of the send window. */
  readonly sendAt: number;
  /** From then on it is not sent, and what is not final becomes `Failed_TTL` after a grace. */
  readonly expiresAt: number;
  readonly sending?: Sending;
  /** Attempts that the provider could not take. */
  readonly failureCount: number;
  readonly attachmentSizeInBytes?: number;
  /** Oldest first; the last {@link MAX_REPORTS}. */
  readonly reports: readonly HeardReport[];
  readonly handOver?: HandOver;
  /** Stored together with its order: whoever follows the change feed hands it on, in this trace. */
  readonly outbox?: { readonly traceparent: string };
  /** Somebody must look at it; it can be redriven. */
  readonly parked?: { readonly reason: string; readonly at: number };
}

/** As many reports as are kept. */
export const MAX_REPORTS = 20;

/** The id of a notification follows from whom it is for, so that generating twice makes one. */
export const notificationIdOf = (
  orderId: string,
  channel: Channel,
  recipient: Recipient,
  address: string,
): string => derivedUuid("notification", orderId, channel, registerIdOf(recipient) ?? "", address);

/** A provider has it, or may have it and cannot be asked: then only its report or the expiry decides. */
export const isWithProvider = ({ sending }: Pick<Notification, "sending">): boolean =>
  sending?.outcome === "accepted" || sending?.outcome === "unconfirmed";

/** From the call until the provider is asked what became of an e-mail; its report is usually faster. */
const FIRST_QUESTION_IN_MS = 60_000;

/** When to begin asking the provider about an e-mail; `undefined` when there is nothing to ask, or that has begun. */
export function firstQuestionAt({ channel, status, sending }: Notification): number | undefined {
  const isWaiting = channel === "email" && status === "Sending" && sending?.outcome === "accepted";
  if (!isWaiting || sending.askedSince !== undefined) return undefined;
  return sending.startedAt + FIRST_QUESTION_IN_MS;
}
