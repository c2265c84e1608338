/** Every address of the inbox. */
import { createEmailOperationHandler } from "./acs/email-operation.ts";
import { createQuotas } from "./acs/quota.ts";
import { createEmailSendHandler } from "./acs/send-email.ts";
import { createSmsSendHandler } from "./acs/send-sms.ts";
import { controlRoutes } from "./api/control.ts";
import { hookRoutes } from "./api/hooks.ts";
import { messageRoutes } from "./api/messages.ts";
import type { Changes } from "./changes.ts";
import type { InboxCore } from "./core.ts";
import type { Handle } from "./http/exchange.ts";
import { type Route, route } from "./http/routes.ts";
import { answerGateway, type SmsCredentials } from "./link/gateway.ts";
import { pageRoutes } from "./page/routes.ts";
import type { HookStore } from "./store/hooks.ts";

export interface RouteOptions {
  readonly smsCredentials: SmsCredentials;
  readonly links?: { readonly host: string };
}

export function allRoutes(
  core: InboxCore,
  changes: Changes,
  hooks: HookStore,
  { smsCredentials, links }: RouteOptions,
): readonly Route[] {
  const quotas = createQuotas(core.clock, core.settings);
  const sendThroughAzure = createSmsSendHandler(core, quotas);
  /** Both providers share the path; only Azure has versions and JSON. */
  const sendSms: Handle = (request, match) => {
    const isAzure =
      request.query.has("api-version") ||
      (request.headers["content-type"] ?? "").includes("application/json");
    return isAzure
      ? sendThroughAzure(request, match)
      : answerGateway(core, smsCredentials, request);
  };
  return [
    route("POST", /^\/emails:send$/, createEmailSendHandler(core, quotas)),
    route("GET", /^\/emails\/operations\/(?<id>[^/]+)$/, createEmailOperationHandler(core, quotas)),
    route("POST", /^\/sms\/?$/, sendSms),
    ...messageRoutes(core, changes),
    ...controlRoutes(core),
    ...pageRoutes(core, changes, hooks, links),
    ...hookRoutes({ clock: core.clock, hooks, changed: core.changed }, changes),
  ];
}
