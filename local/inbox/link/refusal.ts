/** Why the gateway does not take a message, in the gateway's words. */
import type { LinkMessage } from "./session.ts";

/** @see https://wiki.pswin.com/Gateway%20XML%20API.ashx */
const MIN_RECEIVER_DIGITS = 9;
const MAX_SENDER_DIGITS = 15;
const MAX_SENDER_LETTERS = 11;

/** @returns INFO; undefined when the message is taken */
export function refuseMessage({
  receiver,
  sender,
  text,
  timeToLive,
}: LinkMessage): string | undefined {
  const digits = receiver.replace(/^\+|^00/, "");
  if (!/^\d+$/.test(digits)) return `Invalid RCV '${receiver}'. Receiver number must be digits.`;
  if (digits.length < MIN_RECEIVER_DIGITS) {
    return `Invalid RCV '${receiver}'. Receiver number must be at least ${MIN_RECEIVER_DIGITS} digits.`;
  }
  const maxSenderLength = /^\+?\d+$/.test(sender) ? MAX_SENDER_DIGITS : MAX_SENDER_LETTERS;
  if (sender.replace(/^\+/, "").length > maxSenderLength) return `Invalid SND '${sender}'.`;
  if (text === "") return "Missing TEXT.";
  return timeToLive === undefined || /^\d+$/.test(timeToLive)
    ? undefined
    : `Invalid TTL '${timeToLive}'.`;
}
