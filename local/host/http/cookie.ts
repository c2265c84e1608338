/** A cookie as the host writes it into `set-cookie`. */
import type { CookieData } from "../app/functions-core.ts";

const sameSites = { lax: "lax", strict: "strict", explicitNone: "none" } as const;

const attribute = (name: string, value: string | number | undefined): string | undefined =>
  value === undefined ? undefined : `${name}=${value}`;

const expiry = ({ expires }: CookieData): string | undefined =>
  expires && new Date(expires.value.seconds * 1000).toUTCString();

export function toSetCookie(cookie: CookieData): string {
  const { name, value, maxAge, domain, path, secure, httpOnly, sameSite = "none" } = cookie;
  return [
    `${name}=${encodeURIComponent(value)}`,
    attribute("max-age", maxAge?.value),
    attribute("domain", domain?.value),
    attribute("path", path?.value),
    attribute("expires", expiry(cookie)),
    secure?.value ? "secure" : undefined,
    httpOnly?.value ? "httponly" : undefined,
    sameSite === "none" ? undefined : attribute("samesite", sameSites[sameSite]),
  ]
    .filter((part) => part !== undefined)
    .join("; ");
}
