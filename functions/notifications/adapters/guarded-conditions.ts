/** Condition end points: addresses of order creators, asked with a token of ours, behind the egress guard (NO-D36). */
import { z } from "zod";
import { PermanentFailure, RetryLater } from "../../kernel/failures.ts";
import type { Logger } from "../../kernel/ports.ts";
import type { GuardedFetch } from "../../platform/net/guarded-fetch.ts";
import type { ConditionAnswer, Conditions } from "../domain/contact-ports.ts";

/** For the whole question: a slow end point is an unclear answer, and holds up nobody else (NO-D12). */
const TIMEOUT_IN_MS = 10_000;

const answerSchema = z.looseObject({ sendNotification: z.boolean() });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON is no answer
  }
};

function answerIn(status: number, excerpt: string): ConditionAnswer {
  const answer = answerSchema.safeParse(parsed(excerpt));
  if (status < 200 || status > 299 || !answer.success) return "inconclusive";
  return answer.data.sendNotification ? "met" : "not-met";
}

/** @param token gives the token that tells the end point who asks */
export function createGuardedConditions(
  call: GuardedFetch,
  token: () => Promise<string>,
  logger: Logger,
): Conditions {
  const ask = async (url: string): Promise<ConditionAnswer> => {
    const outcome = await call({
      url: new URL(url),
      method: "GET",
      headers: { accept: "application/json", authorization: `Bearer ${await token()}` },
      timeoutInMs: TIMEOUT_IN_MS,
      dependency: "condition",
    });
    return outcome.kind === "answered" ? answerIn(outcome.status, outcome.excerpt) : "inconclusive";
  };

  return {
    async ask(url) {
      try {
        return await ask(url);
      } catch (error) {
        // Without a token, or at an address that must not be called, nothing was heard.
        if (!(error instanceof RetryLater) && !(error instanceof PermanentFailure)) throw error;
        logger.warn({ reason: error.message }, "A condition could not be asked");
        return "inconclusive";
      }
    },
  };
}
