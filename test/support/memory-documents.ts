/**
 * Documents of one container in memory, for thousands of cheap runs: the promises of Cosmos DB that the stores rely on
 * (atomic batches, etags, unique ids within a partition, commit order) and nothing else. The emulator is for the rest.
 */
import type { OperationInput, PartitionKey, SqlQuerySpec } from "@azure/cosmos";
import type { BatchOutcome, Documents } from "../../functions/platform/cosmos/documents.ts";

type Item = Readonly<Record<string, unknown>>;

interface Stored {
  readonly item: Item;
  readonly etag: string;
}

export interface MemoryDocuments extends Documents {
  /** Everything that was written, in commit order, as a change feed has it. */
  readonly changes: readonly Item[];
}

export interface MemoryOptions {
  readonly partitionKeyPaths: readonly string[];
  /** Waits for a turn before an operation takes effect, and before its outcome is told. */
  readonly pass: () => Promise<void>;
  /** Whether the connection breaks here: nobody will know whether the operation took effect. */
  readonly breaks: () => boolean;
}

export class BrokenConnection extends Error {}

const valueOf = (item: Item, path: string): unknown =>
  path.split(".").reduce<unknown>((node, name) => (node as Item | undefined)?.[name], item);

/** `c.a = @p`, `c.a > @p`, `c.a = 'text'` and `c.a IN (@p, @q)`, joined by AND. */
function toFilter({ query, parameters = [] }: SqlQuerySpec): (item: Item) => boolean {
  const values = new Map(parameters.map(({ name, value }) => [name, value as unknown]));
  const literal = (text: string): unknown =>
    text.startsWith("'") ? text.slice(1, -1) : values.get(text);
  const [, where = ""] = /WHERE (.*?)(?: ORDER BY .*)?$/.exec(query) ?? [];
  const conditions = where.split(" AND ").map((condition) => {
    const [, path = "", operator = "", right = ""] =
      /^c\.([\w.]+) (=|>|IN) (.+)$/.exec(condition.trim()) ?? [];
    if (operator === "IN") {
      const allowed = new Set(right.slice(1, -1).split(", ").map(literal));
      return (item: Item) => allowed.has(valueOf(item, path));
    }
    const wanted = literal(right);
    if (operator === "=") return (item: Item) => valueOf(item, path) === wanted;
    if (operator !== ">") throw new Error(`Not understood: ${condition}`);
    return (item: Item) => Number(valueOf(item, path)) > Number(wanted);
  });
  return (item) => conditions.every((condition) => condition(item));
}

function toOrder({ query }: SqlQuerySpec): (one: Item, other: Item) => number {
  const [, path] = /ORDER BY c\.([\w.]+)$/.exec(query) ?? [];
  if (path === undefined) return () => 0;
  return (one, other) => Number(valueOf(one, path)) - Number(valueOf(other, path));
}

/** The items of one container, changed one operation at a time. */
function createItems(partitionKeyPaths: readonly string[]) {
  const items = new Map<string, Stored>();
  const changes: Item[] = [];
  let written = 0;
  const keyOf = (item: Item): string =>
    JSON.stringify([...partitionKeyPaths.map((path) => item[path]), item["id"]]);
  const addressOf = (partition: PartitionKey, id: string): string =>
    JSON.stringify([...(Array.isArray(partition) ? (partition as unknown[]) : [partition]), id]);

  const write = (item: Item): string => {
    const etag = String(++written);
    items.set(keyOf(item), { item, etag });
    changes.push(item);
    return etag;
  };
  const statusOf = (partition: PartitionKey, operation: OperationInput): number => {
    const { operationType, resourceBody } = operation as never as {
      operationType: string;
      resourceBody: Item;
    };
    const known = items.get(addressOf(partition, String(resourceBody["id"])));
    if (operationType === "Create") return known ? 409 : 201;
    const { ifMatch } = operation as { ifMatch?: string };
    if (!known) return 404;
    return ifMatch === undefined || ifMatch === known.etag ? 200 : 412;
  };

  return {
    items,
    changes,
    addressOf,
    write,
    batch(partition: PartitionKey, operations: readonly OperationInput[]): BatchOutcome {
      const statuses = operations.map((operation) => statusOf(partition, operation));
      const failed = statuses.findIndex((status) => status >= 300);
      if (failed >= 0) {
        return {
          kind: "refused",
          statuses: statuses.map((status, index) => (index === failed ? status : 424)),
        };
      }
      const etags = operations.map((it) =>
        write((it as never as { resourceBody: Item }).resourceBody),
      );
      return { kind: "committed", etags };
    },
  };
}

export function createMemoryDocuments(options: MemoryOptions): MemoryDocuments {
  const store = createItems(options.partitionKeyPaths);
  const { items, changes, addressOf, write } = store;

  const inTurn = async <Result>(effect: () => Result): Promise<Result> => {
    await options.pass();
    if (options.breaks()) throw new BrokenConnection("before");
    const result = effect();
    if (options.breaks()) throw new BrokenConnection("after");
    return result;
  };
  const matching = (spec: SqlQuerySpec): Item[] => {
    const isWanted = toFilter(spec);
    return [...items.values()]
      .map(({ item }) => item)
      .filter(isWanted)
      .sort(toOrder(spec));
  };

  const find = (partition: PartitionKey, id: string) => {
    const found = items.get(addressOf(partition, id));
    return found && { document: found.item as never, etag: found.etag };
  };

  return {
    changes,
    read: (partition, id) => inTurn(() => find(partition, id)),
    readTogether: (partition, ids) => inTurn(() => ids.map((id) => find(partition, id))),
    create: (document) =>
      inTurn(() => {
        const item = document as Item;
        const partition = options.partitionKeyPaths.map((path) => item[path]) as PartitionKey;
        if (items.has(addressOf(partition, String(item["id"])))) return "conflict";
        write(item);
        return "created";
      }),
    upsert: (document) =>
      inTurn(() => {
        write(document as Item);
      }),
    replace: (partition, id, document, etag) =>
      inTurn(() => {
        const known = items.get(addressOf(partition, id));
        if (!known) return "absent";
        if (etag !== undefined && etag !== known.etag) return "changed";
        write(document as Item);
        return "replaced";
      }),
    delete: (partition, id) =>
      inTurn(() => {
        items.delete(addressOf(partition, id));
      }),
    batch: (partition, operations) => inTurn(() => store.batch(partition, operations)),
    query: (_partition, query) => inTurn(() => matching(query) as never),
    page: (_partition, query, { limit }) =>
      inTurn(() => ({ documents: matching(query).slice(0, limit) as never })),
  };
}
