/** Webhook calls: taken in, and told as JSON. */
import type { Changes } from "../changes.ts";
import { type Handle, json } from "../http/exchange.ts";
import { type Route, route } from "../http/routes.ts";
import { answerHookOptions, createHookHandler, type HookPorts } from "../hooks/receive.ts";
import { readHookQuery } from "./query.ts";

export function hookRoutes(ports: HookPorts, changes: Changes): readonly Route[] {
  const list: Handle = async ({ query, signal }) => {
    const { filter, waitInMs } = readHookQuery(query);
    const calls = await changes.waitFor(
      () => ports.hooks.list(filter),
      (found) => found.length > 0,
      { timeoutInMs: waitInMs, signal },
    );
    return json(200, { calls, next: calls[0]?.number ?? filter.afterNumber ?? 0 });
  };
  const clear: Handle = () => {
    ports.hooks.clear();
    ports.changed();
    return { status: 204 };
  };
  const path = /^\/hooks\/(?<name>[\w.-]{1,100})$/;
  const take = createHookHandler(ports);
  return [
    route("GET", /^\/hooks$/, list),
    route("DELETE", /^\/hooks$/, clear),
    route("OPTIONS", path, answerHookOptions),
    route("POST", path, take),
    route("PUT", path, take),
  ];
}
