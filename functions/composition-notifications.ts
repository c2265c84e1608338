/** Notifications: adapters to ports. */
import type { Foundation } from "./composition.ts";
import type { NotificationsPorts } from "./notifications/register.ts";

export function composeNotifications({ tokens, logger, clock }: Foundation): NotificationsPorts {
  return { tokens, logger, clock };
}
