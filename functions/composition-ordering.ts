/** Notifications, what orders are made of: adapters and settings to ports. */
import type { Foundation } from "./composition.ts";
import type { OrderingPorts } from "./notifications/register-ordering.ts";
import { isCallable } from "./platform/net/egress-guard.ts";

type Composed = Pick<
  OrderingPorts,
  "newId" | "baseUrl" | "defaultSenders" | "isCallable" | "attachmentHosts"
>;

export const composeOrdering = ({ newId, config }: Foundation): Composed => ({
  newId,
  baseUrl: config.baseUrl,
  defaultSenders: { email: config.email.defaultFrom, sms: config.sms.defaultSender },
  isCallable: (url) => isCallable(url, config.egress),
  attachmentHosts: config.egress.trustedHosts,
});
