/** Who may look across creators, and who may act: support reads, operators redrive, erase and trigger (NO-D34). */
import type { Access } from "../../platform/http/endpoint.ts";
import type { Caller } from "../../platform/auth/caller.ts";
import { withScope } from "../../platform/auth/policies.ts";

const SUPPORT_SCOPE = "altinn:notifications.support.admin";
const OPERATE_SCOPE = "budstikke:operate";

/** The support desk. */
export const maySupport = { access: withScope(SUPPORT_SCOPE) } as const;

/** Whoever runs Budstikke. */
export const mayOperate = { access: withScope(OPERATE_SCOPE) } as const;

/** Either of them: for what is only looked at. */
export const mayInspect = {
  access: (caller: Caller): Access => {
    const access = withScope(OPERATE_SCOPE)(caller);
    return access === "forbidden" ? withScope(SUPPORT_SCOPE)(caller) : access;
  },
} as const;

export const supportScopes = [SUPPORT_SCOPE] as const;
export const operateScopes = [OPERATE_SCOPE] as const;
