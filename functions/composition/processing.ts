/** Notifications, from a stored order to its messages: adapters to ports. */
import type { Foundation } from "./foundation.ts";
import { createGuardedConditions } from "../notifications/adapters/guarded-conditions.ts";
import { createPdpRecipients } from "../notifications/adapters/pdp-recipients.ts";
import { createProfileContacts } from "../notifications/adapters/profile-contacts.ts";
import { createRegisterNames } from "../notifications/adapters/register-names.ts";
import type { ProcessOrderPorts } from "../notifications/use-cases/process-order.ts";
import { createMaskinportenToken } from "../platform/auth/maskinporten-token.ts";
import { createOwnPlatformToken } from "../platform/auth/own-platform-token.ts";

/** With it a token tells a condition end point what it is asked for. */
const CONDITION_SCOPE = "altinn:system/notifications.condition.check";

type Composed = Pick<
  ProcessOrderPorts,
  "contacts" | "names" | "authorization" | "conditions" | "planning"
>;

export function composeProcessing(foundation: Foundation): Composed {
  const { callPlatform, callGuarded, clock, newId, logger, config } = foundation;
  const { platform, maskinporten, sms } = config;
  const { subscriptionKey } = platform;
  const ownToken = createOwnPlatformToken(platform.tokenKey, "notifications", clock);
  const register = { url: platform.registerUrl, subscriptionKey, token: ownToken };
  const pdp = { url: platform.authorizationUrl, subscriptionKey };
  const client = { ...maskinporten, scope: CONDITION_SCOPE };
  return {
    contacts: createProfileContacts(callPlatform, { url: platform.profileUrl }, clock),
    names: createRegisterNames(callPlatform, register, clock),
    authorization: createPdpRecipients(callPlatform, pdp, clock),
    conditions: createGuardedConditions(
      callGuarded,
      createMaskinportenToken(client, clock, newId),
      logger,
    ),
    planning: { sendWindow: sms.sendWindow },
  };
}
