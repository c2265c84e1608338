/** Events: adapters to ports. */
import { randomBytes } from "node:crypto";
import type { Foundation } from "./foundation.ts";
import { composeUpkeep } from "./events-upkeep.ts";
import { createCosmosDeliveryLog } from "../events/adapters/cosmos-delivery-log.ts";
import { createCosmosEventFeeds } from "../events/adapters/cosmos-event-feeds.ts";
import { createCosmosEventStore } from "../events/adapters/cosmos-event-store.ts";
import { createCosmosParkedChanges } from "../events/adapters/cosmos-parked-changes.ts";
import {
  measuredDeliveries,
  measuredWebhooks,
  tracedNotices,
} from "../events/adapters/measured-events.ts";
import { createCosmosSubscriptionStore } from "../events/adapters/cosmos-subscription-store.ts";
import { createDecisionsAboutPersons } from "../events/adapters/decisions-about-persons.ts";
import { createGuardedWebhooks } from "../events/adapters/guarded-webhooks.ts";
import { createPdpDecisions } from "../events/adapters/pdp-decisions.ts";
import { createRegisterCall, createRegisterParties } from "../events/adapters/register-parties.ts";
import { createRegisterPartyUuids } from "../events/adapters/register-party-uuids.ts";
import { createRememberedSubscriptions } from "../events/adapters/remembered-subscriptions.ts";
import { createServiceBusEventQueues } from "../events/adapters/service-bus-event-queues.ts";
import { createCursors } from "../events/domain/feed-cursor.ts";
import type { Notices } from "../events/domain/ports.ts";
import { createInstanceLinks } from "../events/domain/instance-link.ts";
import type { EventsPorts } from "../events/register.ts";
import { createOwnPlatformToken } from "../platform/auth/own-platform-token.ts";
import { createAppendLog } from "../platform/cosmos/append-log.ts";
import { isTrusted } from "../platform/net/egress-guard.ts";

/** A professional with thousands of clients needs one for each. */
const MAX_SUBSCRIPTIONS_OF_A_CONSUMER = 10_000;

const newSecret = (): string => `whsec_${randomBytes(32).toString("base64")}`;

const composeWebhooks = ({ callGuarded, clock, config: { egress } }: Foundation) =>
  measuredWebhooks(
    createGuardedWebhooks(callGuarded, (url) => isTrusted(url, egress), egress.timeoutInMs, clock),
  );

/** @param notices places the notification orders of `sms:` and `mailto:` subscriptions */
export function composeEvents(foundation: Foundation, notices: Notices): EventsPorts {
  const { tokens, limiter, logger, clock, newId, random, messages, config, documentsIn } =
    foundation;
  const { platform, baseUrl, cursors } = config;
  const feedDocuments = documentsIn("feeds");
  const pdp = { url: platform.authorizationUrl, subscriptionKey: platform.subscriptionKey };
  const register = {
    url: platform.registerUrl,
    subscriptionKey: platform.subscriptionKey,
    token: createOwnPlatformToken(platform.tokenKey, "events", clock),
  };
  const askRegister = createRegisterCall(foundation.callPlatform, register);
  return {
    tokens,
    limiter,
    logger,
    clock,
    newId,
    random,
    messages,
    newSecret,
    maxSubscriptions: MAX_SUBSCRIPTIONS_OF_A_CONSUMER,
    baseUrl,
    appsDomain: platform.appsDomain,
    whenUnknown: cursors.whenUnknown,
    cursors: createCursors(cursors.key),
    links: createInstanceLinks(config.links.key),
    mayShareInstances: config.links.mayShareInstances,
    events: createCosmosEventStore(documentsIn("events"), clock),
    feeds: createCosmosEventFeeds(createAppendLog(feedDocuments), feedDocuments),
    subscriptions: createRememberedSubscriptions(
      createCosmosSubscriptionStore(documentsIn("subscriptions")),
      clock,
    ),
    ...composeUpkeep(foundation),
    deliveries: measuredDeliveries(createCosmosDeliveryLog(documentsIn("deliveries")), clock),
    parked: createCosmosParkedChanges(documentsIn("parkedChanges")),
    decisions: createDecisionsAboutPersons(
      createPdpDecisions(foundation.callPlatform, pdp, clock),
      createRegisterPartyUuids(askRegister, clock),
    ),
    parties: createRegisterParties(askRegister, clock),
    queues: createServiceBusEventQueues(messages),
    notices: tracedNotices(notices),
    webhooks: composeWebhooks(foundation),
  };
}
