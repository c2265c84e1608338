/** Telling a creator that an order came to its end, at the address that the order names. */

/** One call. */
export interface StatusCallback {
  readonly url: URL;
  readonly body: string;
  /** The same for every attempt. */
  readonly deliveryId: string;
  readonly secrets: readonly string[];
  readonly traceparent: string;
  /** 1 for the first. */
  readonly attempt: number;
}

/** What came of a call. */
export type CallbackAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfter?: string }
  /** Nobody knows whether it was heard. */
  | { readonly kind: "no-answer"; readonly reason: string };

/** Calls creators. */
export interface StatusCallbacks {
  /**
   * Calls once.
   *
   * @throws {PermanentFailure} egress-refused: the address must not be called
   * @throws {RetryLater} its host is busy or does not answer lately; the call was not made
   */
  call(callback: StatusCallback): Promise<CallbackAnswer>;
}

/** The secrets by which a creator knows our calls, `whsec_…`; the present one first, then the one that is being replaced. */
export type CallbackSecrets = (creator: string) => readonly [string, ...string[]];
