/** Account, databases, containers and partition ranges. */
import { badRequest, notSupported } from "../failure.ts";
import { type Json, type JsonObject, memberOf } from "../json.ts";
import { toRangesDocument } from "../partition/ranges.ts";
import { METADATA_CHARGE } from "../request-units.ts";
import type { Container } from "../storage/container.ts";
import type { Store } from "../store.ts";
import { toAccountDocument } from "./account.ts";
import { type Answer, type CosmosRequest, parseBody } from "./cosmos-request.ts";
import { HEADER, isTrue } from "./headers.ts";

const answer = (status: number, document?: object, etag?: Json): Answer => ({
  status,
  charge: METADATA_CHARGE,
  body: document && JSON.stringify(document),
  headers: { etag: typeof etag === "string" ? etag : undefined },
});

const answerResource = (status: number, document: JsonObject): Answer =>
  answer(status, document, memberOf(document, "_etag"));

const answerList = (name: string, list: readonly object[]): Answer => ({
  ...answer(200, { _rid: "", [name]: list, _count: list.length }),
  headers: { [HEADER.itemCount]: String(list.length) },
});

type Handler = (store: Store, request: CosmosRequest) => Answer;

type Handlers = Readonly<Record<string, Handler>>;

function dispatch(handlers: Handlers, store: Store, request: CosmosRequest): Answer {
  if (isTrue(request.headers, HEADER.isQuery)) throw notSupported("A query on this resource");
  const handler = handlers[request.method];
  if (!handler) throw notSupported(`${request.method} on this resource`);
  return handler(store, request);
}

const onDatabases: Handlers = {
  GET: (store) => answerList("Databases", store.databases.list()),
  POST: (store, request) =>
    answerResource(201, store.databases.create(parseBody(request), store.timestamp())),
};

const onDatabase: Handlers = {
  GET: (store, { names: [, database = ""] }) => answerResource(200, store.databases.get(database)),
  DELETE: (store, { names: [, database = ""] }) => {
    store.containers.deleteDatabase(database);
    return answer(204);
  },
};

const onContainers: Handlers = {
  GET: (store, { names: [, database = ""] }) =>
    answerList(
      "DocumentCollections",
      store.containers.list(database).map(({ document }) => document),
    ),
  POST: (store, request) => {
    const [, database = ""] = request.names;
    const container = store.containers.create(database, parseBody(request), store.timestamp());
    return answerResource(201, container.document);
  },
};

/** @throws {CosmosFailure} 404 */
export function containerOf(store: Store, { names }: CosmosRequest): Container {
  const [, database = "", , container = ""] = names;
  return store.containers.get(database, container);
}

const onContainer: Handlers = {
  GET: (store, request) => answerResource(200, containerOf(store, request).document),
  PUT: (store, request) => {
    const container = containerOf(store, request);
    store.containers.replace(container, parseBody(request), store.timestamp());
    return answerResource(200, container.document);
  },
  DELETE: (store, request) => {
    store.containers.delete(containerOf(store, request));
    return answer(204);
  },
};

const onRanges: Handlers = {
  GET: (store, request) => {
    const document = toRangesDocument(store.ranges, containerOf(store, request).rid);
    // Ranges never change while the server runs, so neither does their version.
    return answer(200, document, '"1"');
  },
};

/** By the depth of the path and its last fixed name. */
const HANDLERS: Readonly<Record<string, Handlers>> = {
  "1/dbs": onDatabases,
  "2/dbs": onDatabase,
  "3/colls": onContainers,
  "4/colls": onContainer,
  "5/pkranges": onRanges,
};

export function handleMetadata(store: Store, request: CosmosRequest): Answer {
  const { names, method, origin } = request;
  if (names.length === 0) {
    if (method !== "GET") throw badRequest("The account can only be read.");
    return answer(200, toAccountDocument(origin));
  }
  const kind = names.length % 2 === 1 ? names.at(-1) : names.at(-2);
  const handlers = HANDLERS[`${names.length}/${kind ?? ""}`];
  if (!handlers || names[0] !== "dbs") throw notSupported(`The resource '/${names.join("/")}'`);
  return dispatch(handlers, store, request);
}
