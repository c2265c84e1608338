/** An order: something to be told to somebody at some time. Its states and what may follow what. */
import type { Recipient } from "./recipient.ts";

/** One way of reaching somebody. */
export type Channel = "email" | "sms";

/** Which channels an order uses, and in which order of preference. */
export type ChannelScheme = "Email" | "Sms" | "EmailPreferred" | "SmsPreferred" | "EmailAndSms";

/** What an order is within its chain. */
export type OrderType = "Notification" | "Reminder" | "Instant" | "Composed";

/** The scope of an idempotency id; the numbers are the reference's chain types. Legacy orders have none. */
export type ChainType = "future" | "instant" | "composed" | "legacy";

/** How far an order has come. */
export type OrderState =
  "Registered" | "Processing" | "Processed" | "Completed" | "SendConditionNotMet" | "Cancelled";

const successors: Readonly<Record<OrderState, readonly OrderState[]>> = {
  Registered: ["Processing", "Cancelled", "Processed"],
  Processing: ["Processed", "Completed", "SendConditionNotMet"],
  Processed: ["Completed"],
  Completed: [],
  SendConditionNotMet: [],
  Cancelled: [],
};

/** Whether an order may go from one state to another; staying is no step. */
export const mayFollow = (from: OrderState, to: OrderState): boolean =>
  successors[from].includes(to);

/** Nothing comes after a final state; the order then has its entry in the status feed. */
export const isFinalState = (state: OrderState): boolean => successors[state].length === 0;

/** A file that is fetched when the e-mail is sent. */
export interface Attachment {
  readonly filename: string;
  readonly mimeType: string;
  /** A secret: whoever has it can read the file. */
  readonly sasUrl: string;
}

/** What an e-mail says. */
export interface EmailTemplate {
  readonly senderAddress: string;
  readonly subject: string;
  readonly body: string;
  readonly contentType: "Plain" | "Html";
  readonly attachments?: readonly Attachment[];
}

/** When an SMS may be sent. */
export type SendingTimePolicy = "Anytime" | "Daytime";

/** What an SMS says. */
export interface SmsTemplate {
  readonly sender: string;
  readonly body: string;
  readonly policy: SendingTimePolicy;
}

/** What a third party is asked before the order is carried out. */
export interface SendCondition {
  readonly url: string;
  /** Decides when no clear answer comes for ten minutes. @default "send" */
  readonly fallback: "send" | "cancel";
}

/** What became of the question. */
export type ConditionOutcome = "met" | "not-met" | "unanswered-sent" | "unanswered-cancelled";

/** Notifications of one channel, counted. `succeeded` never decreases because a message got further. */
export interface ChannelTally {
  readonly generated: number;
  readonly succeeded: number;
  /** Not yet final. */
  readonly open: number;
}

/** Notifications of an order, counted by channel. */
export type Tally = Readonly<Record<Channel, ChannelTally>>;

/** The tally before anything is generated. */
export const emptyTally: Tally = {
  email: { generated: 0, succeeded: 0, open: 0 },
  sms: { generated: 0, succeeded: 0, open: 0 },
};

/** A step that could not be taken yet, and when it is tried again. Instants are milliseconds since the epoch. */
export interface Delay {
  /** What stood in the way the last time. */
  readonly reason: string;
  readonly failureCount: number;
  readonly firstAt: number;
  /** Since when it has been this reason. */
  readonly since: number;
  readonly until: number;
}

/** How often something was handed on again because nothing had come of it, and when the last time. */
export interface HandOver {
  readonly round: number;
  readonly at: number;
}

/** Instants are milliseconds since the epoch. */
export interface Order {
  /** Shipment id; for legacy orders the order id. */
  readonly id: string;
  /** Short name of the service owner or platform component. */
  readonly creator: string;
  readonly type: OrderType;
  readonly sendersReference?: string;
  readonly createdAt: number;
  readonly requestedSendAt: number;
  readonly condition?: SendCondition;
  readonly channelScheme: ChannelScheme;
  readonly recipients: readonly Recipient[];
  readonly email?: EmailTemplate;
  readonly sms?: SmsTemplate;
  readonly ignoreReservation?: boolean;
  readonly useStaleContactInformation?: boolean;
  /** As received; may or may not have the prefix `urn:altinn:resource:`. */
  readonly resourceId?: string;
  readonly resourceAction?: string;
  readonly dialog?: { readonly dialogId?: string; readonly transmissionId?: string };
  /** Where the creator wants to be told of the final state. */
  readonly statusCallback?: string;
  /** Instant SMS only. */
  readonly timeToLiveInSeconds?: number;
  /** W3C trace context of the request. */
  readonly traceparent: string;

  readonly state: OrderState;
  /** When the state was reached. */
  readonly stateAt: number;
  readonly tally: Tally;
  readonly conditionOutcome?: ConditionOutcome;
  readonly delayed?: Delay;
  readonly handOver?: HandOver;
  /** Somebody must look at it; it can be redriven. */
  readonly parked?: { readonly reason: string; readonly at: number };
}

/** A chain: one order, its reminders, and what a repeat of the request is answered with. */
export interface Chain {
  readonly id: string;
  readonly creator: string;
  readonly type: ChainType;
  /** Absent for legacy orders. */
  readonly idempotencyId?: string;
  /** Of the request, so that the same id with another payload is noticed. */
  readonly payloadHash: string;
  readonly createdAt: number;
  /** By place: the main order first. */
  readonly shipments: readonly { readonly id: string; readonly sendersReference?: string }[];
}
