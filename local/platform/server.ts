/** The stand-in of the public platform: tokens and keys, decision point, Profile and Register over one fixture file. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { conditionRoutes } from "./conditions/routes.ts";
import { controlRoutes } from "./controls.ts";
import { decisionRoutes } from "./decisions/routes.ts";
import { type FixtureSource, openFixture } from "./fixture/source.ts";
import { type CallLog, createCallLog } from "./http/call-log.ts";
import { serve } from "./http/exchange.ts";
import { createFaults, type Faults } from "./http/faults.ts";
import type { Route } from "./http/messages.ts";
import { createRouter } from "./http/router.ts";
import { renderPage } from "./page.ts";
import { profileRoutes } from "./profile/routes.ts";
import { registerRoutes } from "./register/routes.ts";
import { exchangeRoutes } from "./tokens/exchange.ts";
import { generatorRoutes } from "./tokens/generator.ts";
import { createIssuers, type Claims, type Issuers, type TokenWish } from "./tokens/issuers.ts";
import { type Keys, openKeys, pemOf } from "./tokens/keys.ts";
import { MASKINPORTEN_PATH, OPENID_PATH, openIdRoutes } from "./tokens/openid.ts";
import { createVerifier } from "./tokens/verify.ts";

export interface PlatformOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** By it tokens expire and slow answers come. */
  readonly clock: Clock;
  /** Keeps the keys, so that tokens outlive a restart; new keys each time when absent. */
  readonly keysFile?: string;
  /** @default the fixture beside this file */
  readonly fixtureFile?: string;
  /** Told of failures of the stand-in itself. @default the console */
  readonly log?: (message: string) => void;
}

export interface LocalPlatform {
  readonly url: string;
  /** Private key (PKCS 8, PEM) of the issuer `platform`: the setting `PLATFORM_TOKEN_KEY`. */
  readonly platformTokenKey: string;
  readonly fixture: FixtureSource;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** A bearer token with these claims, issued by the platform unless they name another `iss`. */
  bearer(claims: Claims, wish?: Partial<TokenWish>): Promise<string>;
  /** @param issuer `platform` or the acronym of a service owner */
  platformToken(issuer: string, app: string, wish?: Partial<TokenWish>): Promise<string>;
  /** Ends at once, open connections included. Safe to repeat. */
  stop(): Promise<void>;
}

/** Longer than callers keep an idle connection, so that it is never the server that closes one in use. */
const KEEP_ALIVE_IN_MS = 120_000;

const LIFETIME_IN_SECONDS = 3600;

const logToConsole = (message: string): void => {
  console.error(`Platform stand-in: ${message}`);
};

/** @throws the error of the socket, such as EADDRINUSE, as it is */
async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function createStop(server: Server): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return () => (stopped ??= stop());
}

interface Parts {
  readonly url: string;
  readonly clock: Clock;
  readonly issuers: Issuers;
  readonly fixture: FixtureSource;
  readonly faults: Faults;
  readonly calls: CallLog;
}

function routesOf({ url, clock, issuers, fixture, faults, calls }: Parts): readonly Route[] {
  const directory = () => fixture.directory();
  const verifier = createVerifier(issuers, clock);
  const routes = [
    ...openIdRoutes({ issuers, directory, url }),
    ...generatorRoutes({ issuers, directory }),
    ...exchangeRoutes({ issuers, verifier, directory, clock }),
    ...decisionRoutes({ issuers, verifier, directory }),
    ...registerRoutes({ verifier, directory }),
    ...profileRoutes(directory),
    ...conditionRoutes({ issuers, verifier }),
    ...controlRoutes({ fixture, faults, calls }),
  ];
  return [...routes, { method: "GET", path: "/", handle: () => renderPage(directory(), routes) }];
}

const issuersAt = (url: string, keys: Keys, clock: Clock): Issuers =>
  createIssuers(keys, clock, {
    openId: `${url}${OPENID_PATH}`,
    maskinporten: `${url}${MASKINPORTEN_PATH}`,
  });

/**
 * Starts the stand-in on 127.0.0.1.
 *
 * @throws the port is taken (EADDRINUSE); the keys or the fixture cannot be read
 */
export async function startPlatform(options: PlatformOptions): Promise<LocalPlatform> {
  const { port, clock, keysFile, log = logToConsole } = options;
  const fixtureFile = options.fixtureFile ?? join(import.meta.dirname, "fixture.json");
  const fixture = await openFixture(fixtureFile);
  const keys = openKeys(keysFile);
  const faults = createFaults();
  const calls = createCallLog();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_IN_MS });
  const url = await listen(server, port);
  const issuers = issuersAt(url, keys, clock);
  const findRoute = createRouter(routesOf({ url, clock, issuers, fixture, faults, calls }));
  server.on("request", (request, response) => {
    void serve({ findRoute, faults, calls, clock, log }, request, response);
  });
  // Made before anybody asks: the first request must not wait for a key.
  const [platformKey] = await Promise.all([issuers.platformKey("platform"), issuers.openIdKey()]);
  const wishOf = (wish?: Partial<TokenWish>): TokenWish => ({
    lifetimeInSeconds: LIFETIME_IN_SECONDS,
    ...wish,
  });

  return {
    url,
    platformTokenKey: pemOf(platformKey),
    fixture,
    faults,
    calls,
    bearer: (claims, wish) => issuers.sign(issuers.openId, claims, wishOf(wish)),
    platformToken: (issuer, app, wish) =>
      issuers.signPlatform(issuer, { "urn:altinn:app": app }, wishOf(wish)),
    stop: createStop(server),
  };
}
