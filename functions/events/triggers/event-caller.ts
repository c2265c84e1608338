/** The caller of a request in the words of this context. */
import {
  authenticationLevelOf,
  type Caller,
  claim,
  entityOf,
  orgOf,
  systemUserOf,
} from "../../platform/auth/caller.ts";
import type { EventCaller } from "../domain/caller-subject.ts";

export function eventCallerOf(caller: Caller): EventCaller {
  const entity = entityOf(caller);
  const systemUser = systemUserOf(caller);
  const isOrg = orgOf(caller) !== undefined;
  const orgNumber = isOrg ? claim(caller, "urn:altinn:orgNumber") : undefined;
  return {
    claims: caller.claims ?? {},
    scopes: caller.scopes,
    authenticationLevel: authenticationLevelOf(caller),
    isOrg,
    ...(entity !== undefined && { entity }),
    ...(orgNumber !== undefined && { formerEntity: `/organisation/${orgNumber}` }),
    ...(systemUser !== undefined && { systemUser }),
  };
}
