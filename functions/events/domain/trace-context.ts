/** The W3C trace context that a publisher began. */

const pattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Whether a value is a `traceparent` of version 00. */
export const isTraceparent = (value: unknown): value is string =>
  typeof value === "string" && pattern.test(value);
