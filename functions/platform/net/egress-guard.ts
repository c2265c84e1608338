/** Which addresses the service may call on behalf of somebody outside: webhooks, send conditions. */
import { type LookupAddress, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { PermanentFailure } from "../../kernel/failures.ts";

export interface EgressRules {
  /**
   * `host:port` pairs that are exempt: plain http and private addresses are allowed for them. For the local stack and
   * for tests; empty in Azure.
   */
  readonly trustedHosts: ReadonlySet<string>;
  /** Ports that may be called over https. */
  readonly allowedPorts: ReadonlySet<number>;
}

/** The error code that a refused look-up carries out of the socket layer. */
export const REFUSED_ADDRESS = "ERR_EGRESS_REFUSED";

const defaultPortOf = (url: URL): number => (url.protocol === "https:" ? 443 : 80);

const portOf = (url: URL): number => (url.port === "" ? defaultPortOf(url) : Number(url.port));

/** All that is given out of IPv6 for the public internet; compatible, translated and local forms lie outside of it. */
const globalUnicast = ipaddr.parseCIDR("2000::/3");

/** Whether an address is on the public internet. Mapped IPv4 is judged as what it hides; tunnelled IPv4 is refused. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(globalUnicast);
}

const withoutBrackets = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, "$1");

/** Whether the rules exempt this very host and port. */
export const isTrusted = (url: URL, rules: EgressRules): boolean =>
  rules.trustedHosts.has(`${withoutBrackets(url.hostname)}:${portOf(url)}`);

/**
 * Refuses an address by its spelling, before anything is resolved. Host names are checked again when they are resolved:
 * see {@link guardedLookup}.
 *
 * @throws {PermanentFailure} egress-refused
 */
export function assertCallable(url: URL, rules: EgressRules): void {
  if (isTrusted(url, rules)) return;
  const refuse = (reason: string): never => {
    throw new PermanentFailure("egress-refused", reason);
  };
  if (url.protocol !== "https:") refuse("Only https addresses are called.");
  if (url.username !== "" || url.password !== "") refuse("An address must not hold credentials.");
  if (!rules.allowedPorts.has(portOf(url))) refuse(`Port ${portOf(url)} is not allowed.`);
  const host = withoutBrackets(url.hostname);
  if (ipaddr.isValid(host) && !isPublicAddress(host)) refuse("The address is not public.");
}

/** A name without a dot is one of a local network. */
const isLocalName = (host: string): boolean => !host.includes(".") && !ipaddr.isValid(host);

/** The same, asked beforehand: whether an address that somebody names now has a chance of being called later. */
export function isCallable(url: URL, rules: EgressRules): boolean {
  if (isTrusted(url, rules)) return true;
  try {
    assertCallable(url, rules);
    return !isLocalName(withoutBrackets(url.hostname));
  } catch (error) {
    if (error instanceof PermanentFailure) return false;
    throw error;
  }
}

const refusal = (hostname: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${hostname} does not resolve to public addresses only`), {
    code: REFUSED_ADDRESS,
  });

/** Resolves a name and gives the socket those very addresses; one that is not public refuses the whole name. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const addresses = (found as LookupAddress[] | undefined) ?? [];
    if (error) {
      callback(error, "");
      return;
    }
    const [first] = addresses;
    if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
      callback(refusal(hostname), "");
      return;
    }
    if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
