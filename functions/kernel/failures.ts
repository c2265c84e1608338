/** The two ways a step says that it cannot go on. Anything else that is thrown is a fault nobody foresaw. */

/**
 * Trying again cannot help: HTTP answers the problem named by `code`, a queue dead-letters with it.
 *
 * The message may reach a caller: it never holds personal data.
 */
export class PermanentFailure extends Error {
  override readonly name = "PermanentFailure";
  readonly code: string;

  /**
   * Names the failure.
   *
   * @param code kebab-case, stable; a key of the problem catalogue when it can reach HTTP
   */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A dependency is not able right now: HTTP answers 503 with `Retry-After`, a queue schedules another attempt. */
export class RetryLater extends Error {
  override readonly name = "RetryLater";
  readonly delayInSeconds: number;

  /**
   * Asks for another attempt.
   *
   * @param delayInSeconds the earliest time at which another attempt makes sense
   */
  constructor(delayInSeconds: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.delayInSeconds = delayInSeconds;
  }
}
