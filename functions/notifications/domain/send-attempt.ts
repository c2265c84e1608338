/** One try at handing a notification to its provider: whether it may be made, under which name, and when again. */
import { derivedUuid } from "../../kernel/derived-id.ts";
import type { Random } from "../../kernel/ports.ts";
import { isFinal } from "./delivery-status.ts";
import type { Notification, Sending } from "./notification.ts";

/** A call that has no answer yet may still be under way in another instance for that long. */
export const CALL_MAY_LAST_IN_MS = 30_000;

/** What is to be done about a notification now. */
export type NextStep =
  /** Nothing: it is final, or the provider has it. */
  | { readonly kind: "done" }
  | { readonly kind: "expired" }
  | { readonly kind: "wait"; readonly delayInSeconds: number }
  /** A former call has no known outcome. */
  | { readonly kind: "ask"; readonly attempt: number }
  | { readonly kind: "send"; readonly attempt: number };

const inSeconds = (delayInMs: number): number => Math.ceil(delayInMs / 1000);

/** What a former call leaves to do; `undefined` when nothing stands in the way of a call. */
function afterCall({ attempt, startedAt, outcome }: Sending, now: number): NextStep | undefined {
  if (outcome === undefined) {
    const left = startedAt + CALL_MAY_LAST_IN_MS - now;
    return left > 0 ? { kind: "wait", delayInSeconds: inSeconds(left) } : { kind: "ask", attempt };
  }
  switch (outcome) {
    case "accepted":
    case "unconfirmed":
      return { kind: "done" };
    case "unknown":
      return { kind: "ask", attempt };
    case "not-taken":
      return undefined;
  }
}

/** Decides by what is stored alone, so that a repeated message does the right thing after any crash. */
export function nextStep(notification: Notification, now: number): NextStep {
  const { status, sending, sendAt, expiresAt } = notification;
  if (isFinal(status)) return { kind: "done" };
  const pending = sending && afterCall(sending, now);
  if (pending) return pending;
  if (now >= expiresAt) return { kind: "expired" };
  if (now < sendAt) return { kind: "wait", delayInSeconds: inSeconds(sendAt - now) };
  return { kind: "send", attempt: sending?.attempt ?? 1 };
}

/** The provider's operation of an attempt; stored before the call, the same whenever the attempt is repeated. */
export const operationIdOf = (notification: Notification, attempt: number): string =>
  derivedUuid("send", notification.id, String(attempt));

const FIRST_DELAY_IN_SECONDS = 5;
const LONGEST_DELAY_IN_SECONDS = 15 * 60;

/** How long to wait after a number of failures: doubling, spread by a quarter, at most a quarter of an hour. */
export function backOffInSeconds(failureCount: number, random: Random): number {
  const exponential = FIRST_DELAY_IN_SECONDS * 2 ** Math.min(failureCount, 20);
  return Math.ceil(Math.min(exponential, LONGEST_DELAY_IN_SECONDS) * (0.75 + random() * 0.5));
}
