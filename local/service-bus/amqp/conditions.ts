/** Failures in the words of AMQP and of the management protocol. */
import { BrokerFailure, type FailureCode } from "../broker/failure.ts";
import type { AmqpError } from "./rhea.ts";

interface Wording {
  readonly condition: string;
  /** Of an answer of the management node. */
  readonly status: number;
}

const wordings: Readonly<Record<FailureCode, Wording>> = {
  "entity-not-found": { condition: "amqp:not-found", status: 404 },
  "message-not-found": { condition: "com.microsoft:message-not-found", status: 404 },
  "lock-lost": { condition: "com.microsoft:message-lock-lost", status: 410 },
  "not-allowed": { condition: "amqp:not-allowed", status: 400 },
  "not-supported": { condition: "amqp:not-implemented", status: 501 },
  "invalid-message": { condition: "amqp:decode-error", status: 400 },
  "message-too-large": { condition: "amqp:link:message-size-exceeded", status: 400 },
  unauthorized: { condition: "amqp:unauthorized-access", status: 401 },
  "server-busy": { condition: "com.microsoft:server-busy", status: 503 },
  "internal-error": { condition: "amqp:internal-error", status: 500 },
};

/** Anything else that was thrown is a defect of the emulator, and says so. */
const toFailure = (error: unknown): BrokerFailure =>
  error instanceof BrokerFailure
    ? error
    : new BrokerFailure("internal-error", `The local emulator failed: ${String(error)}`);

export function toAmqpError(error: unknown): AmqpError {
  const failure = toFailure(error);
  return { condition: wordings[failure.code].condition, description: failure.message };
}

export const statusOf = (error: unknown): number => wordings[toFailure(error).code].status;
