/** Notifications, what orders are made of: adapters and settings to ports. */
import type { Foundation } from "./foundation.ts";
import type { OrderingPorts } from "../notifications/register-ordering.ts";
import { isCallable } from "../platform/net/egress-guard.ts";

/** List prices, about; what is agreed with a provider is usually less. For estimates only. */
const prices = { currency: "NOK", email: 0.003, smsSegment: 0.45 } as const;

type Composed = Pick<
  OrderingPorts,
  "newId" | "baseUrl" | "defaultSenders" | "isCallable" | "attachmentHosts" | "prices"
>;

export const composeOrdering = ({ newId, config }: Foundation): Composed => ({
  newId,
  prices,
  baseUrl: config.baseUrl,
  defaultSenders: { email: config.email.defaultFrom, sms: config.sms.defaultSender },
  isCallable: (url) => isCallable(url, config.egress),
  attachmentHosts: config.egress.trustedHosts,
});
