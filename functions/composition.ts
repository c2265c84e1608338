/** The only file, with its two halves beside it, that knows which adapter implements which port. */
import topology from "../infra/topology.json" with { type: "json" };
import { composeEvents } from "./composition-events.ts";
import { composeNotifications } from "./composition-notifications.ts";
import type { Config } from "./config.ts";
import type { Notices } from "./events/domain/ports.ts";
import type { EventsPorts } from "./events/register.ts";
import type { Clock, Logger, NewId, Random } from "./kernel/ports.ts";
import type { NotificationsPorts } from "./notifications/register.ts";
import { placeNotice } from "./notifications/use-cases/place-notice.ts";
import { createTokenVerifier, type TokenVerifier } from "./platform/auth/token-verifier.ts";
import { connectCosmos } from "./platform/cosmos/client.ts";
import { type Documents, documentsOf } from "./platform/cosmos/documents.ts";
import type { HealthPorts } from "./platform/http/health.http.ts";
import { createRateLimiter, type RateLimiter } from "./platform/http/rate-limiter.ts";
import { createMessageSender, type MessageSender } from "./platform/messaging/service-bus.ts";
import { createGuardedFetch, type GuardedFetch } from "./platform/net/guarded-fetch.ts";
import { createPlatformClient, type PlatformClient } from "./platform/net/platform-client.ts";

/** What differs between a process in Azure, one on a desk and one in a test. */
export interface Surroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: NewId;
  readonly random: Random;
}

/** Technique that both contexts are built from. */
export interface Foundation extends Surroundings {
  readonly config: Config;
  readonly tokens: TokenVerifier;
  readonly limiter: RateLimiter;
  readonly messages: MessageSender;
  readonly callGuarded: GuardedFetch;
  readonly callPlatform: PlatformClient;
  /** Documents of a container, by its key in `infra/topology.json`. */
  readonly documentsIn: (container: keyof typeof topology.containers) => Documents;
}

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
