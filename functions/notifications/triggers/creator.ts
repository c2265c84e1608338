/** In whose name a call is made; by tokens that were verified (NO-D35). */
import { type Caller, orgOf } from "../../platform/auth/caller.ts";
import { withScope, withScopeOrPlatformToken } from "../../platform/auth/policies.ts";

const CREATE_SCOPE = "altinn:serviceowner/notifications.create";
const COMPOSED_SCOPE = "altinn:serviceowner/notifications.composedemail.create";

/** What most endpoints ask of a caller. */
export const mayCreate = { access: withScopeOrPlatformToken(CREATE_SCOPE) } as const;

/** What composed e-mails ask of a caller; a platform token is not enough. */
export const mayCompose = { access: withScope(COMPOSED_SCOPE) } as const;

export const createScopes = [CREATE_SCOPE] as const;
export const composedScopes = [COMPOSED_SCOPE] as const;

/** Short name of the platform component or service owner; `undefined` for anybody else. */
export const creatorOf = (caller: Caller): string | undefined =>
  caller.platformApp?.issuer ?? orgOf(caller);
