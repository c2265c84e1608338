/** Several operations in one request: all or nothing (batch), or each for itself (bulk). */
import { badRequest, CosmosFailure } from "../failure.ts";
import { isObject, type Json } from "../json.ts";
import { keyText, parsePartitionKey, type PartitionKey } from "../partition/partition-key.ts";
import { FAILED_CHARGE, operationCharge } from "../request-units.ts";
import { isItemOperationType, type ItemOperation, type ItemOutcome } from "./item-operations.ts";

const MAX_OPERATIONS = 100;

/** Another operation of the batch failed. */
const FAILED_DEPENDENCY = 424;

export interface BatchEntry {
  readonly operation: ItemOperation;
  /** Only when the operation names one. */
  readonly key: PartitionKey | undefined;
}

export interface BatchAnswer {
  readonly status: 200 | 207;
  readonly charge: number;
  /** JSON text. */
  readonly body: string;
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;

function toEntry(value: Json): BatchEntry {
  if (!isObject(value)) throw badRequest("An operation of a batch must be an object.");
  const { operationType, id, resourceBody, ifMatch, ifNoneMatch, partitionKey } = value as Record<
    string,
    Json | undefined
  >;
  if (!isItemOperationType(operationType)) {
    throw badRequest(`The operation '${JSON.stringify(operationType)}' of a batch is not known.`);
  }
  const idOfBody = isObject(resourceBody) ? resourceBody["id"] : undefined;
  const key = textOf(partitionKey);
  return {
    operation: {
      type: operationType,
      id: textOf(id) ?? textOf(idOfBody),
      body: resourceBody,
      ifMatch: textOf(ifMatch),
      ifNoneMatch: textOf(ifNoneMatch),
    },
    key: key === undefined ? undefined : parsePartitionKey(key),
  };
}

/** @throws {CosmosFailure} 400 – no list, an empty one, too long, or an unknown operation in it */
export function parseBatch(body: Json): readonly BatchEntry[] {
  if (!Array.isArray(body) || body.length === 0) {
    throw badRequest("A batch must be a list of operations.");
  }
  if (body.length > MAX_OPERATIONS) {
    throw badRequest(
      `Batch request has more operations than what is supported: ${MAX_OPERATIONS}.`,
    );
  }
  return body.map(toEntry);
}

/** @throws {CosmosFailure} 400 – an operation of an atomic batch names another key than the request */
export function requireOneKey(entries: readonly BatchEntry[], key: PartitionKey): void {
  for (const entry of entries) {
    if (entry.key && keyText(entry.key) !== keyText(key)) {
      throw badRequest("An operation of the batch has another partition key than the request.");
    }
  }
}

interface Part {
  readonly text: string;
  readonly charge: number;
}

const toPart = (fields: object, charge: number, resourceBody?: string): Part => {
  const head = JSON.stringify({ ...fields, requestCharge: charge });
  const text =
    resourceBody === undefined ? head : `${head.slice(0, -1)},"resourceBody":${resourceBody}}`;
  return { text, charge };
};

export function toSuccess(
  { operation }: BatchEntry,
  outcome: ItemOutcome,
  withContent: boolean,
): Part {
  const { status, etag, body, size } = outcome;
  const isShown = withContent || operation.type === "Read";
  return toPart(
    { statusCode: status, ...(etag === undefined ? {} : { eTag: etag }) },
    operationCharge(operation.type, size),
    isShown ? body : undefined,
  );
}

export const toFailure = (failure: CosmosFailure): Part =>
  toPart(
    {
      statusCode: failure.status,
      ...(failure.details.substatus === undefined
        ? {}
        : { subStatusCode: failure.details.substatus }),
      message: failure.message,
    },
    FAILED_CHARGE,
  );

const toAnswer = (status: 200 | 207, parts: readonly Part[]): BatchAnswer => ({
  status,
  charge: parts.reduce((sum, { charge }) => sum + charge, 0),
  body: `[${parts.map(({ text }) => text).join(",")}]`,
});

/** Which operation of an atomic batch failed. */
class FailedAt extends Error {
  readonly index: number;
  readonly failure: CosmosFailure;

  constructor(index: number, failure: CosmosFailure) {
    super(failure.message);
    this.index = index;
    this.failure = failure;
  }
}

/**
 * @param transact runs its argument as one transaction
 * @param run one operation, inside that
 */
export function runAtomically(
  entries: readonly BatchEntry[],
  withContent: boolean,
  transact: (work: (run: (operation: ItemOperation) => ItemOutcome) => Part[]) => Part[],
): BatchAnswer {
  try {
    const parts = transact((run) =>
      entries.map((entry, index) => {
        try {
          return toSuccess(entry, run(entry.operation), withContent);
        } catch (error) {
          throw error instanceof CosmosFailure ? new FailedAt(index, error) : error;
        }
      }),
    );
    return toAnswer(200, parts);
  } catch (error) {
    if (!(error instanceof FailedAt)) throw error;
    const parts = entries.map((_, index) =>
      index === error.index
        ? toFailure(error.failure)
        : toPart({ statusCode: FAILED_DEPENDENCY }, 0),
    );
    return toAnswer(207, parts);
  }
}

/** @param run one operation in a transaction of its own */
export function runOneByOne(
  entries: readonly BatchEntry[],
  withContent: boolean,
  run: (entry: BatchEntry) => ItemOutcome,
): BatchAnswer {
  let status: 200 | 207 = 200;
  const parts = entries.map((entry) => {
    try {
      return toSuccess(entry, run(entry), withContent);
    } catch (error) {
      if (!(error instanceof CosmosFailure)) throw error;
      status = 207;
      return toFailure(error);
    }
  });
  return toAnswer(status, parts);
}
