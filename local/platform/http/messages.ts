/** A request that was read whole, and what it is answered. */
import type { IncomingHttpHeaders } from "node:http";

/** The parts of the platform that can be asked and can fail on their own. */
export const services = [
  "openid",
  "platform-keys",
  "tokens",
  "maskinporten",
  "authorization",
  "register",
  "profile",
  "conditions",
] as const;

export type Service = (typeof services)[number];

export interface Call {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Route {
  /** Absent for what belongs to the stand-in itself: it is neither recorded nor made to fail. */
  readonly service?: Service;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Segments that begin with `:` stand for any one segment. */
  readonly path: string;
  handle(call: Call, parameters: Readonly<Record<string, string>>): Reply | Promise<Reply>;
}

export const json = (status: number, value: unknown): Reply => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify(value),
});

export const text = (status: number, body: string): Reply => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body,
});

export const empty = (status: number): Reply => ({ status, body: "" });

/** Thrown by whoever finds that a request cannot be answered as it is. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** @throws {Refusal} 400 – the body is not a JSON object */
export function objectOf(call: Call): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(call.body);
  } catch {
    throw new Refusal(400, "The body is no JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal(400, "The body is no JSON object.");
  }
  return value as Record<string, unknown>;
}

/** A header that came once. */
export const header = (call: Call, name: string): string | undefined => {
  const value = call.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
};
