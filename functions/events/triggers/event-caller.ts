/** The caller of a request in the words of this context. */
import {
  authenticationLevelOf,
  type Caller,
  entityOf,
  orgOf,
  systemUserOf,
} from "../../platform/auth/caller.ts";
import type { EventCaller } from "../domain/caller-subject.ts";

export function eventCallerOf(caller: Caller): EventCaller {
  const entity = entityOf(caller);
  const systemUser = systemUserOf(caller);
  return {
    claims: caller.claims ?? {},
    scopes: caller.scopes,
    authenticationLevel: authenticationLevelOf(caller),
    isOrg: orgOf(caller) !== undefined,
    ...(entity !== undefined && { entity }),
    ...(systemUser !== undefined && { systemUser }),
  };
}
