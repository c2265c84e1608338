/** Shared access signatures: the tokens a client puts before it may use an entity. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { BrokerFailure } from "../broker/failure.ts";
import type { Address } from "./addresses.ts";

/** The official emulator's credentials: what guards nothing needs no secret. */
export const sharedAccess = { keyName: "RootManageSharedAccessKey", key: "SAS_KEY_VALUE" } as const;

/** What a token lets its bearer use, and until when. */
export interface Claim {
  /** `sb://host:port/entity`; everything below it is covered. */
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const refuse = (why: string): never => {
  throw new BrokerFailure("unauthorized", `Unauthorized access: ${why}`);
};

const PREFIX = "SharedAccessSignature ";

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse("InvalidSignature.");
  }
}

/** @throws {BrokerFailure} unauthorized – no token, another key, or expired */
export function verifyToken(token: unknown, now: number): Claim {
  if (typeof token !== "string" || !token.startsWith(PREFIX)) {
    return refuse("the local emulator takes shared access signatures only.");
  }
  const fields = new Map(
    token
      .slice(PREFIX.length)
      .split("&")
      .map((field) => [field.slice(0, field.indexOf("=")), field.slice(field.indexOf("=") + 1)]),
  );
  const [resource, expiry] = [fields.get("sr") ?? "", fields.get("se") ?? ""];
  const expected = createHmac("sha256", sharedAccess.key).update(`${resource}\n${expiry}`).digest();
  const given = Buffer.from(decodePart(fields.get("sig") ?? ""), "base64");
  const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
  if (!isOurs || fields.get("skn") !== sharedAccess.keyName) return refuse("InvalidSignature.");
  const expiresAt = Number(expiry) * 1000;
  if (!(expiresAt > now)) return refuse("ExpiredToken.");
  return { audience: decodePart(resource), expiresAt };
}

/** The path of an audience, in lower case. */
const pathOf = (audience: string): string =>
  audience.replace(/^[a-z]+:\/\/[^/]*\/?/i, "").toLowerCase();

/** The claims of one connection. */
export class Claims {
  readonly #expiryByPath = new Map<string, number>();

  /** @throws {BrokerFailure} unauthorized */
  put(token: unknown, name: unknown, now: number): void {
    const { audience, expiresAt } = verifyToken(token, now);
    const [path, asked] = [pathOf(audience), pathOf(String(name))];
    if (!isBelow(asked, path)) refuse("the token is for another entity.");
    this.#expiryByPath.set(path, expiresAt);
  }

  /** @throws {BrokerFailure} unauthorized */
  require({ path: queue, isManagement }: Address, now: number): void {
    const path = `${queue}${isManagement ? "/$management" : ""}`.toLowerCase();
    for (const [claimed, expiresAt] of this.#expiryByPath) {
      if (expiresAt > now && isBelow(path, claimed)) return;
    }
    refuse(`'${queue}' needs a token.`);
  }
}

const isBelow = (path: string, root: string): boolean =>
  root === "" || path === root || path.startsWith(`${root}/`);
