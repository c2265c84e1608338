/** A request as the handlers see it. */
import type { IncomingHttpHeaders } from "node:http";
import { badRequest } from "../failure.ts";
import type { Json } from "../json.ts";

export interface CosmosRequest {
  readonly method: string;
  /** The path's names, decoded; none for the account itself. */
  readonly names: readonly string[];
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly isSecure: boolean;
  /** As the caller spelled it: scheme, host and port. */
  readonly origin: string;
}

export interface Answer {
  readonly status: number;
  /** JSON text; absent where the protocol has no body. */
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly charge: number;
}

/** @throws {CosmosFailure} 400 – a name is not properly encoded */
export function splitUrl(url: string): string[] {
  const [path = ""] = url.split("?");
  const names = path.split("/").filter((name) => name !== "");
  try {
    return names.map(decodeURIComponent);
  } catch {
    throw badRequest("The request url is invalid.");
  }
}

/** @throws {CosmosFailure} 400 – the body is not JSON */
export function parseBody({ body }: CosmosRequest): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    throw badRequest("The request payload is invalid. Ensure to provide a valid JSON.");
  }
}
