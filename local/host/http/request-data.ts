/** An HTTP request as a function gets it from the host. */
import type { IncomingHttpHeaders } from "node:http";
import type { HttpRequestData, Nullable } from "../app/functions-core.ts";
import type { HttpExchange } from "./exchange.ts";
import type { RouteParameters } from "./route-template.ts";

type NullableMap = Record<string, Nullable<string>>;

/** Without a prototype: the names are the caller's. */
const emptyMap = (): NullableMap => Object.create(null) as NullableMap;

function toNullable(values: Readonly<Record<string, string>>): NullableMap {
  const map = emptyMap();
  for (const name of Object.keys(values)) map[name] = { value: values[name] ?? "" };
  return map;
}

function toHeaders(headers: IncomingHttpHeaders): NullableMap {
  const map = emptyMap();
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined) {
      map[name] = { value: Array.isArray(value) ? value.join(", ") : value };
    }
  }
  return map;
}

/** As in the real host, the values of a repeated key are joined by commas. */
function toQuery(search: string): NullableMap {
  const map = emptyMap();
  if (search === "") return map;
  for (const [name, value] of new URLSearchParams(search)) {
    const earlier = map[name];
    map[name] = { value: earlier ? `${earlier.value},${value}` : value };
  }
  return map;
}

/** @param body left out when it is empty */
export function toRequestData(
  { request, path, search }: HttpExchange,
  parameters: RouteParameters,
  body: Buffer,
): HttpRequestData {
  return {
    method: request.method ?? "GET",
    url: `http://${request.headers.host ?? "localhost"}${path}${search}`,
    nullableHeaders: toHeaders(request.headers),
    nullableQuery: toQuery(search),
    nullableParams: toNullable(parameters),
    ...(body.length > 0 && { body: { bytes: body } }),
  };
}
