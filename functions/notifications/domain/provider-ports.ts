/** What the sending steps need of the providers, and of what all instances share about them. */
import type { DeliveryStatus, Evidence } from "./delivery-status.ts";
import type { Lane } from "./notification.ts";
import type { Channel } from "./order.ts";

/** An e-mail as the provider gets it. */
export interface OutgoingEmail {
  /** The order it belongs to: told to the recipient's side, so that support can find it. */
  readonly shipmentId: string;
  /** UUID; the same for every try of the same attempt. */
  readonly operationId: string;
  readonly senderAddress: string;
  readonly address: string;
  readonly subject: string;
  readonly body: string;
  readonly contentType: "Plain" | "Html";
  readonly attachments: readonly {
    readonly filename: string;
    readonly mimeType: string;
    readonly content: Uint8Array;
  }[];
}

/** What a provider said to a call. */
export type SendAnswer =
  | { readonly kind: "accepted"; readonly reference?: string }
  /** It will never take it. */
  | { readonly kind: "rejected"; readonly status: DeliveryStatus; readonly detail: string }
  /** It asks everybody to wait. */
  | { readonly kind: "throttled"; readonly delayInSeconds: number }
  /** It has not taken it, for a reason that passes: gateway down, credentials refused. */
  | { readonly kind: "unavailable"; readonly reason: string }
  /** Nobody knows whether it has it. */
  | { readonly kind: "unknown"; readonly reason: string };

/** What a provider knows of an earlier call. */
export type OperationState =
  | { readonly kind: "known"; readonly status: DeliveryStatus; readonly detail?: string }
  | { readonly kind: "unheard-of" }
  | { readonly kind: "no-answer"; readonly delayInSeconds?: number };

/** Sends e-mails. */
export interface EmailSender {
  /** Tries once. Safe to repeat with the same operation id as far as the provider keeps it. */
  send(email: OutgoingEmail): Promise<SendAnswer>;
  ask(operationId: string): Promise<OperationState>;
}

/** An SMS as the gateway gets it. */
export interface OutgoingSms {
  /** Derived; for gateways that know idempotency. */
  readonly operationId: string;
  readonly sender: string;
  /** E.164. */
  readonly number: string;
  readonly body: string;
  readonly timeToLiveInSeconds: number;
  /** When this operation was tried first, in milliseconds since the epoch. */
  readonly firstSentAt: number;
}

/** Sends SMS. */
export interface SmsSender {
  /** Under which references of this gateway are kept. */
  readonly provider: Provider;
  /** For how long, from the first try on, a call may be made again under the same operation id; 0 for never. */
  readonly repeatableForInMs: number;
  /** Tries once. Safe to repeat only within {@link repeatableForInMs}. */
  send(sms: OutgoingSms): Promise<SendAnswer>;
}

/** Fetches what is attached to an e-mail. */
export interface Attachments {
  /** @throws {RetryLater} the storage does not answer */
  fetch(
    sasUrl: string,
    maxSizeInBytes: number,
  ): Promise<
    | { readonly kind: "fetched"; readonly content: Uint8Array }
    | { readonly kind: "refused" }
    | { readonly kind: "too-large" }
  >;
}

/** Whose reference it is. */
export type Provider = "acs-email" | "link-mobility" | "acs-sms";

/** A notification by what its provider calls it. */
export interface ReferencedNotification {
  readonly orderId: string;
  readonly notificationId: string;
}

/** From a provider's reference back to the notification. */
export interface ProviderReferences {
  /** Safe to repeat. */
  put(provider: Provider, reference: string, target: ReferencedNotification): Promise<void>;
  find(provider: Provider, reference: string): Promise<ReferencedNotification | undefined>;
}

/** What a provider may take, shared by all instances. */
export interface Budgets {
  /**
   * Takes one message out of the budget of a channel.
   *
   * @returns 0 when it may go now, otherwise in how many seconds to ask again
   */
  take(channel: Channel, lane: Lane): Promise<number>;
  /** Nothing goes out on a channel for a while; the longest pause holds. */
  pause(channel: Channel, delayInSeconds: number): Promise<void>;
  /** When the messages that wait now will have gone, by what is known; for forecasts. */
  forecast(channel: Channel, lane: Lane, count: number): Promise<number>;
}

/** A report that belongs to nothing we know, or came too late to matter; kept and visible. */
export interface StrayReport {
  readonly provider: Provider;
  readonly reference: string;
  readonly evidence?: Evidence;
  readonly reason: "unknown-reference" | "unknown-status" | "malformed";
  readonly attempt: number;
  readonly heardAt: number;
  /** As the provider sent it, without addresses. */
  readonly detail: string;
}

/** Keeps stray reports. */
export interface StrayReports {
  /** Safe to repeat. */
  keep(report: StrayReport): Promise<void>;
}
