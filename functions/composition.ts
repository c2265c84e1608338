/** The only place, with the folder of the same name, that knows which adapter implements which port. */
import topology from "../infra/topology.json" with { type: "json" };
import { composeEvents } from "./composition/events.ts";
import type { Foundation, Surroundings } from "./composition/foundation.ts";
import { composeNotifications } from "./composition/notifications.ts";
import type { Config } from "./config.ts";
import type { Notices } from "./events/domain/ports.ts";
import type { EventsPorts } from "./events/register.ts";
import type { NotificationsPorts } from "./notifications/register.ts";
import { placeNotice } from "./notifications/use-cases/place-notice.ts";
import { createTokenVerifier } from "./platform/auth/token-verifier.ts";
import { connectCosmos } from "./platform/cosmos/client.ts";
import { documentsOf } from "./platform/cosmos/documents.ts";
import type { HealthPorts } from "./platform/http/health.http.ts";
import { createRateLimiter } from "./platform/http/rate-limiter.ts";
import { createMessageSender } from "./platform/messaging/service-bus.ts";
import { createGuardedFetch } from "./platform/net/guarded-fetch.ts";
import { createPlatformClient } from "./platform/net/platform-client.ts";

export interface App {
  readonly platform: HealthPorts;
  readonly events: EventsPorts;
  readonly notifications: NotificationsPorts;
  /** Closes the connections that the app opened. */
  readonly close: () => Promise<void>;
}

const tokenOptions = (config: Config) => ({
  bearerIssuers: config.tokens.issuers.map((issuer) => ({
    issuer,
    keysUrl: config.tokens.keysUrl,
  })),
  platformKeysUrl: config.tokens.platformKeysUrl,
  ...(config.tokens.audiences.length > 0 && { audiences: config.tokens.audiences }),
});

/** What events want somebody to be told becomes an order like any other. */
const noticesBy = (ports: NotificationsPorts): Notices => ({
  place: (notice) => placeNotice(ports, notice),
});

/** Builds the whole app. Opens no connection by itself: the SDKs connect when they are first used. */
export function compose(config: Config, surroundings: Surroundings): App {
  const database = connectCosmos(config.cosmos, topology.database);
  const messages = createMessageSender(config.serviceBus);
  const foundation: Foundation = {
    ...surroundings,
    config,
    messages,
    limiter: createRateLimiter(config.requestsPerCallerPerSecond, surroundings.clock),
    tokens: createTokenVerifier({ ...tokenOptions(config), clock: surroundings.clock }),
    callGuarded: createGuardedFetch(config.egress),
    callPlatform: createPlatformClient(),
    documentsIn: (container) =>
      documentsOf(database.container(topology.containers[container].name), surroundings.clock),
  };
  const notifications = composeNotifications(foundation);
  return {
    platform: {
      clock: surroundings.clock,
      build: config.build,
      checks: {
        database: () => database.read(),
        broker: () => messages.ping(topology.queues.eventPushes.name),
        keys: () => foundation.callPlatform({ method: "GET", url: config.tokens.keysUrl }),
      },
    },
    events: composeEvents(foundation, noticesBy(notifications)),
    notifications,
    close: () => messages.close(),
  };
}
