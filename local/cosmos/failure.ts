/** The answers that are not successes, in the service's own words where they are known. */

/** Names that the service gives its status codes in the body of an error. */
const CODE_NAMES: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  408: "RequestTimeout",
  409: "Conflict",
  410: "Gone",
  412: "PreconditionFailed",
  413: "RequestEntityTooLarge",
  429: "TooManyRequests",
  449: "RetryWith",
  500: "InternalServerError",
  503: "ServiceUnavailable",
};

export interface FailureDetails {
  readonly substatus?: number;
  /** The query plan, as JSON text: tells the SDK to run the query range by range. */
  readonly additionalErrorInfo?: string;
  readonly retryAfterInMs?: number;
}

/** An answer with an error status. */
export class CosmosFailure extends Error {
  readonly status: number;
  readonly details: FailureDetails;

  constructor(status: number, message: string, details: FailureDetails = {}) {
    super(message);
    this.name = "CosmosFailure";
    this.status = status;
    this.details = details;
  }

  toBody(): object {
    const { additionalErrorInfo } = this.details;
    return {
      code: CODE_NAMES[this.status] ?? "Error",
      message: this.message,
      ...(additionalErrorInfo === undefined ? {} : { additionalErrorInfo }),
    };
  }
}

/** Substatus: the partition key is missing, incomplete, or not the one of the document. */
export const PARTITION_KEY_MISMATCH = 1001;

export const badRequest = (message: string, substatus?: number): CosmosFailure =>
  new CosmosFailure(400, message, substatus === undefined ? {} : { substatus });

export const notSupported = (what: string): CosmosFailure =>
  badRequest(`${what} is not supported by the local emulator.`);

export const notFound = (): CosmosFailure =>
  new CosmosFailure(404, "Entity with the specified id does not exist in the system.");

export const conflict = (): CosmosFailure =>
  new CosmosFailure(409, "Entity with the specified id already exists in the system.");

export const preconditionFailed = (): CosmosFailure =>
  new CosmosFailure(
    412,
    "Operation cannot be performed because one of the specified precondition is not met.",
  );

export const tooLarge = (): CosmosFailure => new CosmosFailure(413, "Request size is too large.");

/** The partition range was split, or never was. */
export const rangeGone = (): CosmosFailure =>
  new CosmosFailure(410, "The requested resource is no longer available at the server.", {
    substatus: 1002,
  });
