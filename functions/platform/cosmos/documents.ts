/** The few operations on documents that the stores are made of, in words instead of status codes. */
import type {
  Container,
  JSONObject,
  OperationInput,
  OperationResponse,
  PartitionKey,
  RequestOptions,
  SqlQuerySpec,
} from "@azure/cosmos";
import { PermanentFailure } from "../../kernel/failures.ts";
import type { Clock } from "../../kernel/ports.ts";
import { createRepeat, type Repeat } from "./charged-calls.ts";
import { sparingPlan } from "./query-plans.ts";
import { statusOf } from "./transient.ts";

/** A document as it was when read. */
export interface Versioned<Document> {
  readonly document: Document;
  /** Give it back to replace exactly this version. */
  readonly etag: string;
}

/** What became of a batch: all of it is committed, or nothing is and each operation says why (424: because of another). */
export type BatchOutcome =
  | {
      readonly kind: "committed";
      /** One for each operation; empty for a delete. */
      readonly etags: readonly string[];
    }
  | { readonly kind: "refused"; readonly statuses: readonly number[] };

export interface Page<Document> {
  readonly documents: readonly Document[];
  /** Absent when there is nothing more. */
  readonly continuation?: string;
}

/** Documents of one container. Passing faults are repeated; see `transient.ts` for what that asks of the caller. */
export interface Documents {
  read<Document>(partition: PartitionKey, id: string): Promise<Versioned<Document> | undefined>;
  /**
   * Several documents of one logical partition by one request, at most 100; when all are there, as they were at one
   * moment.
   *
   * @returns one for each id, in the given order
   */
  readTogether<Document>(
    partition: PartitionKey,
    ids: readonly string[],
  ): Promise<readonly (Versioned<Document> | undefined)[]>;
  create(document: object): Promise<"created" | "conflict">;
  upsert(document: object): Promise<void>;
  /** @param etag replace only this version */
  replace(
    partition: PartitionKey,
    id: string,
    document: object,
    etag?: string,
  ): Promise<"replaced" | "changed" | "absent">;
  /** Succeeds too when the document is not there. */
  delete(partition: PartitionKey, id: string): Promise<void>;
  /** All or nothing, at most 100 operations on one logical partition. */
  batch(partition: PartitionKey, operations: readonly OperationInput[]): Promise<BatchOutcome>;
  /** Everything that the query gives within one logical partition; the query repeats the key in its WHERE clause. */
  query<Document>(partition: PartitionKey, query: SqlQuerySpec): Promise<readonly Document[]>;
  /** One page of a query within one logical partition, or across all when there is no partition. */
  page<Document>(
    partition: PartitionKey | undefined,
    query: SqlQuerySpec,
    options: { readonly limit: number; readonly continuation?: string },
  ): Promise<Page<Document>>;
}

const isCommitted = (status: number | undefined): boolean => status !== undefined && status < 300;

/** Turns the status of a refused write into a word; anything unforeseen is thrown on. */
async function outcomeOf<Word extends string>(
  write: Promise<unknown>,
  done: Word,
  words: Readonly<Record<number, Word>>,
): Promise<Word> {
  try {
    await write;
    return done;
  } catch (error) {
    const word = words[statusOf(error) ?? 0];
    if (word === undefined) throw error;
    return word;
  }
}

const asBody = (document: object): JSONObject => document as JSONObject;

const matching = (etag: string | undefined): object =>
  etag === undefined ? {} : { accessCondition: { type: "IfMatch", condition: etag } };

const singles = (
  container: Container,
  repeat: Repeat,
): Pick<Documents, "read" | "create" | "upsert" | "replace" | "delete"> => ({
  read: (partition, id) =>
    repeat(async (charged) => {
      const response = await charged(
        "read",
        container.item(id, checkedKey(partition)).read<object>(),
      );
      if (response.statusCode === 404 || response.resource === undefined) return undefined;
      return { document: response.resource as never, etag: response.etag };
    }),
  create: (document) =>
    repeat((charged) =>
      outcomeOf(charged("create", container.items.create(document)), "created", {
        409: "conflict",
      }),
    ),
  upsert: (document) =>
    repeat(async (charged) => {
      await charged("upsert", container.items.upsert(document));
    }),
  replace: (partition, id, document, etag) =>
    repeat((charged) =>
      outcomeOf(
        charged("replace", container.item(id, partition).replace(asBody(document), matching(etag))),
        "replaced",
        { 412: "changed", 404: "absent" },
      ),
    ),
  delete: (partition, id) =>
    repeat(async (charged) => {
      const deleting = charged("delete", container.item(id, partition).delete());
      await outcomeOf(deleting, "deleted", { 404: "deleted" });
    }),
});

type BatchResults =
  | { readonly kind: "committed"; readonly results: readonly OperationResponse[] }
  | Extract<BatchOutcome, { kind: "refused" }>;

const runBatch = (
  container: Container,
  repeat: Repeat,
  partition: PartitionKey,
  operations: readonly OperationInput[],
  options?: RequestOptions,
): Promise<BatchResults> =>
  repeat(async (charged) => {
    const { result, code } = await charged(
      "batch",
      container.items.batch([...operations], checkedKey(partition), options),
    );
    const results = result ?? [];
    const statuses = results.map(({ statusCode }) => statusCode);
    const passing = statuses.find((status) => status === 449 || status === 429);
    if (passing !== undefined) {
      throw Object.assign(new Error("A batch met a passing conflict"), { code: passing });
    }
    return isCommitted(code) && code !== 207 && statuses.every(isCommitted)
      ? { kind: "committed", results }
      : { kind: "refused", statuses };
  });

/** Nobody looks at what comes back of a write but its version: documents need not travel twice. */
const withoutContent: RequestOptions = { contentResponseOnWriteEnabled: false };

const batches = (container: Container, repeat: Repeat): Pick<Documents, "batch"> => ({
  batch: async (partition, operations) => {
    const outcome = await runBatch(container, repeat, partition, operations, withoutContent);
    return outcome.kind === "refused"
      ? outcome
      : { kind: "committed", etags: outcome.results.map(({ eTag }) => eTag ?? "") };
  },
});

const readings = (
  container: Container,
  repeat: Repeat,
  read: Documents["read"],
): Pick<Documents, "readTogether"> => ({
  readTogether: async <Document>(partition: PartitionKey, ids: readonly string[]) => {
    const reads = ids.map((id): OperationInput => ({ operationType: "Read", id }));
    const outcome = await runBatch(container, repeat, partition, reads);
    // A batch says of the first that is missing, and nothing of the others: they are asked after one by one.
    return outcome.kind === "refused"
      ? Promise.all(ids.map((id) => read<Document>(partition, id)))
      : (outcome.results.map(({ resourceBody, eTag }) => ({
          document: resourceBody,
          etag: eTag,
        })) as never);
  },
});

const queries = (container: Container, repeat: Repeat): Pick<Documents, "query" | "page"> => ({
  query: (partition, query) =>
    repeat((charged) =>
      sparingPlan(partition, async (options) => {
        const partitionKey = checkedKey(partition);
        const found = container.items.query(query, { ...options, partitionKey });
        return (await charged("query", found.fetchAll())).resources as never;
      }),
    ),
  page: (partition, query, { limit, continuation }) =>
    repeat((charged) =>
      sparingPlan(partition, async (options) => {
        const found = container.items.query(query, {
          ...options,
          maxItemCount: limit,
          ...(partition !== undefined && { partitionKey: checkedKey(partition) }),
          ...(continuation !== undefined && { continuationToken: continuation }),
        });
        const { resources, continuationToken } = await charged("page", found.fetchNext());
        return {
          // The SDK types this as always there; an empty last page comes without it.
          documents: ((resources as unknown) ?? []) as never,
          ...(continuationToken ? { continuation: continuationToken } : {}),
        };
      }),
    ),
});

/** Of a partition key's value, as Cosmos DB has it. */
const MAX_KEY_IN_BYTES = 2048;

/**
 * Nothing can lie under a key that is too long: whoever asks for it has made a mistake, and is told so.
 *
 * @throws {PermanentFailure} invalid-request
 */
function checkedKey(partition: PartitionKey): PartitionKey {
  const values: readonly unknown[] = Array.isArray(partition) ? partition : [partition];
  if (values.some((it) => typeof it === "string" && Buffer.byteLength(it) > MAX_KEY_IN_BYTES)) {
    throw new PermanentFailure("invalid-request", "An identifier is too long.");
  }
  return partition;
}

/** The documents of a container, over the real SDK. */
export function documentsOf(container: Container, clock: Clock): Documents {
  const repeat = createRepeat(container.id, clock);
  const single = singles(container, repeat);
  return {
    ...single,
    ...readings(container, repeat, single.read),
    ...batches(container, repeat),
    ...queries(container, repeat),
  };
}
