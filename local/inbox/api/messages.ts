/** What was captured, as JSON; a caller can wait for it. */
import type { Changes } from "../changes.ts";
import type { InboxCore } from "../core.ts";
import { type Handle, json, problem } from "../http/exchange.ts";
import { type Route, route } from "../http/routes.ts";
import type { CapturedMessage } from "../store/captured-message.ts";
import { readMessageQuery } from "./query.ts";

const listMessages =
  (core: InboxCore, changes: Changes): Handle =>
  async ({ query, signal }) => {
    const { filter, waitInMs } = readMessageQuery(query);
    const messages = await changes.waitFor(
      () => core.messages.list(filter),
      (found) => found.length > 0,
      { timeoutInMs: waitInMs, signal },
    );
    // What to hand in as `since` to see only what comes later.
    const next = messages[0]?.number ?? filter.afterNumber ?? 0;
    return json(200, { messages, next });
  };

const showMessage =
  (core: InboxCore, changes: Changes): Handle =>
  async ({ query, signal }, { id = "" }) => {
    const { filter, waitInMs } = readMessageQuery(query);
    const { status } = filter;
    const isThere = (message: CapturedMessage | undefined): boolean =>
      message !== undefined && (status === undefined || message.status === status);
    const message = await changes.waitFor(() => core.messages.get(id), isThere, {
      timeoutInMs: waitInMs,
      signal,
    });
    return message ? json(200, message) : problem(404, `There is no message ${id}.`);
  };

const clearMessages =
  (core: InboxCore): Handle =>
  () => {
    core.messages.clear();
    core.changed();
    return { status: 204 };
  };

const showAttachment =
  (core: InboxCore): Handle =>
  (_, { id = "", position = "" }) => {
    const attachment = core.messages.attachment(id, Number(position));
    if (!attachment) return problem(404, "There is no such attachment.");
    const { name, content } = attachment;
    return {
      status: 200,
      headers: {
        // Never shown: it comes from a stranger, and this origin can do things.
        "content-type": "application/octet-stream",
        "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, "_")}`,
        "content-security-policy": "sandbox; default-src 'none'",
      },
      body: content,
    };
  };

export const messageRoutes = (core: InboxCore, changes: Changes): readonly Route[] => [
  route("GET", /^\/messages$/, listMessages(core, changes)),
  route("DELETE", /^\/messages$/, clearMessages(core)),
  route("GET", /^\/messages\/(?<id>[^/]+)$/, showMessage(core, changes)),
  route(
    "GET",
    /^\/messages\/(?<id>[^/]+)\/attachments\/(?<position>\d{1,4})$/,
    showAttachment(core),
  ),
];
