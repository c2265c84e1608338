/** Why the broker refuses; the AMQP layer says it in the client's words. */

export type FailureCode =
  | "entity-not-found"
  | "message-not-found"
  | "lock-lost"
  | "not-allowed"
  | "not-supported"
  | "invalid-message"
  | "message-too-large"
  | "unauthorized"
  | "server-busy"
  | "internal-error";

export class BrokerFailure extends Error {
  override readonly name = "BrokerFailure";
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What Service Bus can do and this emulator cannot. */
export const notSupported = (what: string): BrokerFailure =>
  new BrokerFailure("not-supported", `${what} not supported by the local emulator`);
