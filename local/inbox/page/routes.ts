/** The addresses of the pages. */
import { readHookQuery, readMessageQuery } from "../api/query.ts";
import type { Changes } from "../changes.ts";
import type { InboxCore } from "../core.ts";
import { type Handle, type HttpAnswer, json } from "../http/exchange.ts";
import { type Route, route } from "../http/routes.ts";
import type { CapturedMessage } from "../store/captured-message.ts";
import type { HookStore } from "../store/hooks.ts";
import { script, style } from "./assets.ts";
import { renderHelp } from "./help.ts";
import { renderHookList } from "./hook-list.ts";
import { html } from "../../html.ts";
import { renderPage } from "./layout.ts";
import { renderMessageList } from "./message-list.ts";
import { renderEmailHtml, renderMessageView } from "./message-view.ts";

const notFound = renderPage({
  path: "/",
  title: "Not here",
  status: 404,
  body: html`<p>This message is not here, or no longer. <a href="/">All messages</a></p>`,
});

const MAX_WAIT_IN_MS = 60_000;

const tellChanges =
  (changes: Changes): Handle =>
  async ({ query, signal }) => {
    const since = query.get("since");
    const version = await changes.waitFor(changes.version, (current) => current !== since, {
      timeoutInMs: Math.min(Number(query.get("wait")) * 1000 || 0, MAX_WAIT_IN_MS),
      signal,
    });
    return json(200, { version });
  };

export function pageRoutes(
  core: InboxCore,
  changes: Changes,
  hooks: HookStore,
  links: { readonly host: string } | undefined,
): readonly Route[] {
  /** Whoever takes the reports is the app that sends. */
  const host = (): string | undefined => {
    const { email } = core.dispatcher.targets;
    return links?.host ?? (email === undefined ? undefined : new URL(email).origin);
  };
  const showMessage =
    (render: (message: CapturedMessage) => HttpAnswer): Handle =>
    (_, { id = "" }) => {
      const message = core.messages.get(id);
      return message ? render(message) : notFound;
    };
  return [
    route("GET", /^\/$/, ({ query }) => {
      const { filter } = readMessageQuery(query);
      return renderMessageList(core.messages.list(filter), filter, host());
    }),
    route(
      "GET",
      /^\/view\/(?<id>[^/]+)$/,
      showMessage((message) => renderMessageView(message, host())),
    ),
    route(
      "GET",
      /^\/view\/(?<id>[^/]+)\/html$/,
      showMessage((message) =>
        message.html === undefined ? notFound : renderEmailHtml(message.html),
      ),
    ),
    route("GET", /^\/webhooks$/, ({ query, headers }) => {
      const { filter } = readHookQuery(query);
      const name = filter.name === "" ? undefined : filter.name;
      return renderHookList(
        hooks.list({ ...filter, name }),
        filter,
        `http://${headers.host ?? ""}`,
      );
    }),
    route("GET", /^\/help$/, renderHelp),
    route("GET", /^\/inbox\.css$/, () => style),
    route("GET", /^\/inbox\.js$/, () => script),
    route("GET", /^\/changes$/, tellChanges(changes)),
  ];
}
