/** Whether an order is to be carried out: its creator's end point is asked, for a while, and then the order itself. */
import type { Clock } from "../../kernel/ports.ts";
import type { Conditions } from "../domain/contact-ports.ts";
import type { ConditionOutcome, Order } from "../domain/order.ts";

/** What asking needs. */
export interface AskConditionPorts {
  readonly conditions: Conditions;
  readonly clock: Clock;
}

/** How long an unclear answer is asked about again (NO-D12). */
const PATIENCE_IN_MS = 10 * 60_000;

/** Under this name the waiting for a clear answer is noted on the order. */
const INCONCLUSIVE = "condition-inconclusive";

/** What is to be done about the order. */
export type ConditionDecision =
  | { readonly kind: "go"; readonly outcome?: ConditionOutcome }
  | { readonly kind: "stop"; readonly outcome: ConditionOutcome }
  | {
      readonly kind: "wait";
      readonly reason: string;
      /** The last moment at which asking again makes sense. */
      readonly notAfter: number;
    };

/** Asks once. Safe to repeat: how long it has been unclear is noted on the order. */
export async function askCondition(
  ports: AskConditionPorts,
  { condition, delayed }: Order,
): Promise<ConditionDecision> {
  if (!condition) return { kind: "go" };
  const answer = await ports.conditions.ask(condition.url);
  if (answer === "met") return { kind: "go", outcome: "met" };
  if (answer === "not-met") return { kind: "stop", outcome: "not-met" };
  const now = ports.clock.now();
  const since = delayed?.reason === INCONCLUSIVE ? delayed.since : now;
  if (now - since < PATIENCE_IN_MS) {
    return { kind: "wait", reason: INCONCLUSIVE, notAfter: since + PATIENCE_IN_MS };
  }
  return condition.fallback === "send"
    ? { kind: "go", outcome: "unanswered-sent" }
    : { kind: "stop", outcome: "unanswered-cancelled" };
}
