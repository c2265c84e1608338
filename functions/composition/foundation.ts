/** What every part of the app is built from. */
import topology from "../../infra/topology.json" with { type: "json" };
import type { Config } from "../config.ts";
import type { Clock, Logger, NewId, Random } from "../kernel/ports.ts";
import type { TokenVerifier } from "../platform/auth/token-verifier.ts";
import type { Documents } from "../platform/cosmos/documents.ts";
import type { RateLimiter } from "../platform/http/rate-limiter.ts";
import type { MessageSender } from "../platform/messaging/service-bus.ts";
import type { GuardedFetch } from "../platform/net/guarded-fetch.ts";
import type { PlatformClient } from "../platform/net/platform-client.ts";

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
