/** What the inbox keeps of a message that a provider would have delivered. */

export type Channel = "email" | "sms";

export type Provider = "acs-email" | "acs-sms" | "link";

export interface Attachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** How the operation of an e-mail ends, by Azure's words. */
export interface OperationEnd {
  readonly status: "Succeeded" | "Failed" | "Canceled" | "Running";
  readonly error?: { readonly code: string; readonly message: string };
}

export interface MessageContent {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly replyTo?: readonly string[];
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  /** Custom headers of an e-mail. */
  readonly headers?: Readonly<Record<string, string>>;
  /** As the handset would have to take it. */
  readonly encoding?: "gsm-7" | "ucs-2";
  /** How long the gateway may try, as asked; 0 is the gateway's own default. */
  readonly timeToLiveInMinutes?: number;
  /** The sender's own mark on the message: `tag` of Azure, `ID` of LINK Mobility. */
  readonly tag?: string;
  /** What a real gateway would have done to the text: replaced characters, cut the end off. */
  readonly damage?: readonly string[];
  readonly operation?: OperationEnd;
  /** The name of what was forced on it by a fault. */
  readonly forcedOutcome?: string;
}

export interface NewMessage {
  /** What the provider calls it in its answer and in its reports. */
  readonly id: string;
  readonly channel: Channel;
  readonly provider: Provider;
  readonly content: MessageContent;
  readonly attachments?: readonly Attachment[];
}

/** One line of what befell a message. */
export interface HistoryEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly step: "accepted" | "repeated" | "report" | "dead-letter";
  readonly detail: string;
}

export interface AttachmentSummary {
  readonly name: string;
  readonly contentType: string;
  readonly sizeInBytes: number;
}

export interface CapturedMessage extends MessageContent {
  /** Place in the order of arrival, from 1; never given twice. */
  readonly number: number;
  readonly id: string;
  readonly channel: Channel;
  readonly provider: Provider;
  /** ISO 8601, UTC. */
  readonly acceptedAt: string;
  /** "Accepted" until a report has been taken by its receiver; then what that report says. */
  readonly status: string;
  readonly attachments: readonly AttachmentSummary[];
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
}
