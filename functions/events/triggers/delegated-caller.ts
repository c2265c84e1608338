/** Access that an org delegated in Maskinporten: a token with the scope of one app of it. */
import type { Caller } from "../../platform/auth/caller.ts";
import type { EventCaller } from "../domain/caller-subject.ts";
import { eventCallerOf } from "./event-caller.ts";

const PREFIX = "altinn:events/";

/** `{"authority":"iso6523-actorid-upis","ID":"0192:991825827"}`: who a token is for, or who uses it for somebody. */
const isOrganisation = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  /^0192:\d{9}$/.test(String((value as { ID?: unknown }).ID));

/** Maskinporten names the consumer always, and the supplier when the consumer delegated the scope to one. */
function isFromMaskinporten({ claims = {} }: Caller): boolean {
  const { consumer, supplier } = claims;
  return isOrganisation(consumer) && (supplier === undefined || isOrganisation(supplier));
}

/**
 * Who asks for the events of an app. A token with the scope `altinn:events/{org}/{app}` asks as that org, for that app
 * alone; the decision point still says what the org itself may see.
 *
 * @returns `"forbidden"` for a token whose scopes of this kind are all for other apps
 */
export function callerFor(caller: Caller, org: string, app: string): EventCaller | "forbidden" {
  const asked = eventCallerOf(caller);
  const delegated = [...caller.scopes].filter((scope) => scope.startsWith(PREFIX));
  if (delegated.length === 0) return asked;
  if (!delegated.includes(`${PREFIX}${org}/${app}`)) return "forbidden";
  if (!isFromMaskinporten(caller)) return "forbidden";
  return { ...asked, claims: { ...asked.claims, "urn:altinn:org": org }, isOrg: true };
}
