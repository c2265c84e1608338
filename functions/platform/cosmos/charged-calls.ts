/** Every call of the SDK: repeated while its failure is a passing one, and what an answer has cost is noted. */
import type { Clock } from "../../kernel/ports.ts";
import { measure } from "../telemetry/metrics.ts";
import { repeatTransient, statusOf } from "./transient.ts";

/** What the SDK says of every answer. */
type Charged =
  { readonly requestCharge: number } | { readonly headers: Readonly<Record<string, unknown>> };

const chargeOf = (answer: Charged): number =>
  "requestCharge" in answer
    ? answer.requestCharge
    : Number(answer.headers["x-ms-request-charge"] ?? 0);

/** Makes a call of the SDK again while its failure is a passing one, and notes what an answer has cost. */
export type Repeat = <Result>(
  attempt: (
    charged: <Answer extends Charged>(
      operation: string,
      answer: Promise<Answer>,
    ) => Promise<Answer>,
  ) => Promise<Result>,
) => Promise<Result>;

export const createRepeat =
  (container: string, clock: Clock): Repeat =>
  (attempt) =>
    repeatTransient(clock, () =>
      attempt(async (operation, answering) => {
        try {
          const answer = await answering;
          measure("requestUnits", chargeOf(answer), { container, operation });
          return answer;
        } catch (error) {
          if (statusOf(error) === 429) measure("throttled", 1, { provider: "cosmos" });
          throw error;
        }
      }),
    );
