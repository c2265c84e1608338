/** When items expire. Expired ones are passed over at once and deleted when something comes by. */
import { badRequest } from "../failure.ts";
import type { Json } from "../json.ts";
import { type Fragment, fragment } from "../storage/fragment.ts";
import type { ContainerSettings } from "../storage/container-settings.ts";

/** `ttl` of an item, or `defaultTtl` of a container, that never expires by itself. */
const NEVER = -1;

/** @throws {CosmosFailure} 400 – neither -1 nor a positive integer */
export function checkTtl(value: Json | undefined): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" && Number.isInteger(value) && (value > 0 || value === NEVER)) {
    return value;
  }
  throw badRequest("The input ttl is invalid: it must be -1 or a positive integer.");
}

/** A container without a `defaultTtl` keeps everything, whatever its items say. */
export function isExpired(
  settings: ContainerSettings,
  row: { readonly ts: number; readonly ttl: number | null },
  timestamp: number,
): boolean {
  if (settings.defaultTtl === undefined) return false;
  const ttl = row.ttl ?? settings.defaultTtl;
  return ttl !== NEVER && row.ts + ttl <= timestamp;
}

/** {@link isExpired} turned round, as a condition on rows. */
export function aliveCondition(settings: ContainerSettings, timestamp: number): Fragment {
  if (settings.defaultTtl === undefined) return fragment("TRUE");
  const ttl = `COALESCE(ttl, ${settings.defaultTtl})`;
  return fragment(`(${ttl} = ${NEVER} OR ts + ${ttl} > ?)`, timestamp);
}
