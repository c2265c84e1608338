/** The change feed over HTTP: the place in it is an ETag, and nothing new is a 304. */
import { readChangeFeed } from "../change-feed.ts";
import { badRequest, notSupported } from "../failure.ts";
import { queryCharge } from "../request-units.ts";
import type { Container } from "../storage/container.ts";
import type { Store } from "../store.ts";
import type { Answer, CosmosRequest } from "./cosmos-request.ts";
import { HEADER, readHeader } from "./headers.ts";
import { pageSizeOf } from "./page-size.ts";
import { scopeOf } from "./scope.ts";

const DEFAULT_PAGE_SIZE = 100;

const MAX_PAGE_SIZE = 1000;

interface Start {
  readonly afterLsn: number;
  readonly since?: number;
}

function startOf(container: Container, request: CosmosRequest): Start {
  const place = readHeader(request.headers, HEADER.ifNoneMatch);
  if (place === "*") return { afterLsn: container.lsn };
  if (place !== undefined) {
    const [, lsn] = /^"?(\d+)"?$/.exec(place) ?? [];
    if (lsn === undefined) throw badRequest("Invalid Continuation Token");
    return { afterLsn: Number(lsn) };
  }
  const time = readHeader(request.headers, HEADER.ifModifiedSince);
  if (time === undefined) return { afterLsn: 0 };
  const since = Date.parse(time) / 1000;
  if (Number.isNaN(since)) throw badRequest("The If-Modified-Since header is not a time.");
  return { afterLsn: 0, since };
}

export async function handleChangeFeed(
  store: Store,
  container: Container,
  request: CosmosRequest,
): Promise<Answer> {
  const mode = readHeader(request.headers, HEADER.changeFeedMode)?.toLowerCase();
  if (mode !== "incremental feed") throw notSupported(`The change feed mode '${mode ?? ""}'`);
  const asked = pageSizeOf(request.headers, DEFAULT_PAGE_SIZE);
  const { afterLsn, since } = startOf(container, request);
  const page = await readChangeFeed(store, {
    container,
    scope: scopeOf(store, container, request),
    afterLsn,
    since,
    pageSize: asked > 0 ? Math.min(asked, MAX_PAGE_SIZE) : MAX_PAGE_SIZE,
    timestamp: store.timestamp(),
  });
  const count = page.items.length;
  const charge = queryCharge(count, page.bytes);
  const etag = `"${page.lsn}"`;
  if (count === 0) return { status: 304, headers: { etag }, charge };
  return {
    status: 200,
    body: `{"_rid":"${container.rid}","Documents":[${page.items.join(",")}],"_count":${count}}`,
    headers: { etag, [HEADER.itemCount]: String(count) },
    charge,
  };
}
