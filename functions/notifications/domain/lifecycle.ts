/** States in the words of the API: one list of names for orders and for both channels. */
import type { DeliveryStatus } from "./delivery-status.ts";
import type { Channel, OrderState } from "./order.ts";

/** Where the word outside is another than inside. */
const otherWords: Partial<Record<DeliveryStatus, string>> = {
  Failed_InvalidEmailFormat: "Failed_InvalidFormat",
  Failed_SupressedRecipient: "Failed_SuppressedRecipient",
};

const prefixes: Readonly<Record<Channel, string>> = { email: "Email", sms: "SMS" };

/** `Order_Completed` … */
export const orderLifecycle = (state: OrderState): string => `Order_${state}`;

/** `Email_Delivered`, `SMS_Failed_TTL` … */
export const deliveryLifecycle = (channel: Channel, status: DeliveryStatus): string =>
  `${prefixes[channel]}_${otherWords[status] ?? status}`;

/** The discriminator of a recipient. */
export const recipientType = (channel: Channel): "Email" | "SMS" =>
  channel === "email" ? "Email" : "SMS";
