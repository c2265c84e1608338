/** Notifications, step 1 for another part of the service: one message to one address, ordered without HTTP. */
import { derivedKey } from "../../kernel/derived-id.ts";
import { toEmailAddress } from "../../kernel/email-address.ts";
import { PermanentFailure, RetryLater } from "../../kernel/failures.ts";
import { toPhoneNumber } from "../../kernel/phone-number.ts";
import type { OrderWish } from "../domain/order-wish.ts";
import { placeOrder, type PlaceOrderPorts } from "./place-order.ts";

/** A message that is to become an order. */
export interface WishedNotice {
  readonly idempotencyId: string;
  /** Whose order it is. */
  readonly creator: string;
  readonly channel: "email" | "sms";
  readonly address: string;
  /** Of an e-mail. */
  readonly subject?: string;
  readonly body: string;
  readonly traceparent: string;
}

/** An empty sender stands for the default one. */
const toTexts = ({ channel, subject = "", body }: WishedNotice): Partial<OrderWish> =>
  channel === "email"
    ? { email: { senderAddress: "", subject, body, contentType: "Plain" } }
    : { sms: { sender: "", body, policy: "Daytime" } };

function toWish(notice: WishedNotice, now: number): OrderWish {
  const { channel, address } = notice;
  const isEmail = channel === "email";
  const normal = isEmail ? toEmailAddress(address) : toPhoneNumber(address);
  if (normal === undefined) {
    throw new PermanentFailure("invalid-address", "The address is none of its channel.");
  }
  return {
    type: "Notification",
    channelScheme: isEmail ? "Email" : "Sms",
    requestedSendAt: now,
    recipients: [isEmail ? { emailAddress: normal } : { mobileNumber: normal }],
    ...toTexts(notice),
  };
}

/**
 * Places an order for one message, to be sent at once; SMS by day. Safe to repeat by its idempotency id.
 *
 * @throws {PermanentFailure} invalid-address; idempotency-conflict – another message was placed under the same id
 * @throws {RetryLater} orders cannot be placed now
 */
export async function placeNotice(ports: PlaceOrderPorts, notice: WishedNotice): Promise<void> {
  const { idempotencyId, creator, traceparent, channel, address, subject = "", body } = notice;
  const placement = await placeOrder(ports, {
    creator,
    type: "future",
    idempotencyId,
    payloadHash: derivedKey(JSON.stringify([channel, address, subject, body])),
    traceparent,
    orders: [toWish(notice, ports.clock.now())],
  });
  switch (placement.kind) {
    case "placed":
    case "repeated":
      return;
    case "register-unavailable":
      throw new RetryLater(placement.delayInSeconds, "Contacts cannot be looked up");
    default:
      throw new PermanentFailure(
        placement.kind === "conflict" ? "idempotency-conflict" : placement.kind,
        "The notice cannot be placed.",
      );
  }
}
