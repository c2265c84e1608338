/** `/hooks/{name}`: takes any webhook, keeps it, and answers what its own address asks for. */
import type { Clock } from "../../clock.ts";
import { type Answer, type Handle, type InboxRequest, problem } from "../http/exchange.ts";
import type { HookStore } from "../store/hooks.ts";

export interface HookPorts {
  readonly clock: Clock;
  readonly hooks: HookStore;
  readonly changed: () => void;
}

interface WantedAnswer {
  readonly status: number;
  readonly delayInMs: number;
  readonly isHanging: boolean;
  /** The first call that is answered so, from 1; the others get a 200. */
  readonly from: number;
  readonly times: number;
}

function wholeNumber(query: URLSearchParams, name: string, fallback: number): number {
  const value = query.get(name);
  return value !== null && /^\d{1,8}$/.test(value) ? Number(value) : fallback;
}

function wantedAnswer(query: URLSearchParams): WantedAnswer {
  const status = wholeNumber(query, "status", 200);
  return {
    status: status >= 200 && status <= 599 ? status : 200,
    delayInMs: wholeNumber(query, "delay", 0),
    isHanging: query.has("hang"),
    from: wholeNumber(query, "from", 1),
    times: wholeNumber(query, "times", Infinity),
  };
}

const flatHeaders = (request: InboxRequest): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(", ")]),
  );

const answerOf = (status: number): Answer =>
  status === 204 || status === 304
    ? { status }
    : { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: "captured\n" };

export function createHookHandler({ clock, hooks, changed }: HookPorts): Handle {
  return async (request, { name = "" }) => {
    if (request.isTooLarge) return problem(413, "The body is too large.");
    const wanted = wantedAnswer(request.query);
    const turn = hooks.count(name, request.target) + 1;
    const isWanted = turn >= wanted.from && turn < wanted.from + wanted.times;
    const answer = isWanted && wanted.isHanging ? "hang" : answerOf(isWanted ? wanted.status : 200);
    const { method, target, body } = request;
    const told = typeof answer === "string" ? answer : String(answer.status);
    hooks.add(
      { name, method, target, headers: flatHeaders(request), body, answer: told },
      clock.now(),
    );
    changed();
    if (isWanted && wanted.delayInMs > 0) {
      await new Promise<void>((resolve) => {
        clock.schedule(wanted.delayInMs, resolve);
      });
    }
    return answer;
  };
}

/** The handshake of CloudEvents webhooks. */
export const answerHookOptions: Handle = ({ headers }) => ({
  status: 200,
  headers: {
    allow: "POST, OPTIONS",
    "webhook-allowed-origin": String(headers["webhook-request-origin"] ?? "*"),
    "webhook-allowed-rate": "*",
  },
});
