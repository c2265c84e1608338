/** What can befall a message on purpose: its call, its operation, its reports. */
import type { OperationEnd } from "../store/captured-message.ts";

/** What a call meets instead of, before or after being carried out. */
export type CallEffect =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly code: string;
      readonly message: string;
      /** The message stands in the error's details, not at its top. */
      readonly isNested?: boolean;
      readonly retryAfter?: "seconds" | "date";
    }
  /** The connection breaks: before anything is kept, or when all is kept but not yet told. */
  | { readonly kind: "reset"; readonly when: "before" | "after" }
  | { readonly kind: "delay" }
  /** Neither carried out nor answered. */
  | { readonly kind: "hang" }
  /** LINK Mobility does not know the user. */
  | { readonly kind: "logon-refused" }
  /** The gateway answers, but takes this receiver's message not. */
  | { readonly kind: "receiver-refused"; readonly reason: string }
  /** LINK Mobility accepts, but tells no reference. */
  | { readonly kind: "no-reference" };

/** One report, in the words of each provider. */
export interface PlannedReport {
  /** What Event Grid says of an e-mail; empty for what is no delivery report. */
  readonly email: string;
  /** What LINK Mobility says of an SMS. */
  readonly sms: string;
  /** @default 0; is added to the usual delay */
  readonly laterInMs?: number;
  /** How old the report's own time is when it is sent. @default 0 */
  readonly occurredEarlierInMs?: number;
  /** @default "report" */
  readonly kind?: "report" | "garbage" | "stranger" | "engagement";
  /** Has the id of the report before it: the same event, delivered once more. */
  readonly isCopy?: boolean;
}

export interface Outcome {
  /** One line for the table. */
  readonly about: string;
  readonly call?: CallEffect;
  /** What befalls the questions about the operation. */
  readonly poll?: CallEffect;
  /**
   * How many calls in a row are struck; then it goes well.
   *
   * @default Infinity
   */
  readonly times?: number;
  readonly operation?: OperationEnd;
  /** @default one report: delivered */
  readonly reports?: readonly PlannedReport[];
  /** The reports are sent before the call is answered. */
  readonly isEarly?: boolean;
}

export const delivered: readonly PlannedReport[] = [{ email: "Delivered", sms: "DELIVRD" }];
