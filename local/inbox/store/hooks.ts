/** Webhook calls that were captured, by the name that their receiver was given. */
import type { Database, Row } from "./database.ts";

export interface NewHookCall {
  readonly name: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** What it got: a status, or "hang". */
  readonly answer: string;
}

export interface HookCall extends Omit<NewHookCall, "body"> {
  /** Place in the order of arrival; never given twice. */
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Parsed where it is JSON, else as text. */
  readonly body: unknown;
  /** The signature headers, where there are any: Standard Webhooks'. */
  readonly signature: string | undefined;
}

export interface HookFilter {
  readonly name?: string | undefined;
  readonly afterNumber?: number | undefined;
  /** @default 100 */
  readonly limit?: number | undefined;
}

export interface HookStore {
  add(call: NewHookCall, at: number): number;
  /** How often this very target was called. */
  count(name: string, target: string): number;
  /** Newest first. */
  readonly list: (filter?: HookFilter) => readonly HookCall[];
  clear(): void;
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function fromRow(row: Row): HookCall {
  const headers = JSON.parse(String(row["headers"])) as Record<string, string>;
  return {
    number: Number(row["number"]),
    name: String(row["name"]),
    at: new Date(Number(row["at"])).toISOString(),
    method: String(row["method"]),
    target: String(row["target"]),
    headers,
    signature: headers["webhook-signature"],
    body: parseBody(Buffer.from(row["body"] as Uint8Array).toString("utf8")),
    answer: String(row["answer"]),
  };
}

export function createHookStore(database: Database): HookStore {
  return {
    add: (call, at) =>
      database.run(
        "INSERT INTO hook_calls (name, at, method, target, headers, body, answer) VALUES (?, ?, ?, ?, ?, ?, ?)",
        call.name,
        at,
        call.method,
        call.target,
        JSON.stringify(call.headers),
        call.body,
        call.answer,
      ),
    count: (name, target) =>
      Number(
        database.get(
          "SELECT count(*) AS n FROM hook_calls WHERE name = ? AND target = ?",
          name,
          target,
        )?.["n"],
      ),
    list: ({ name, afterNumber = 0, limit = 100 } = {}) =>
      database
        .all(
          "SELECT * FROM hook_calls WHERE number > ?1 AND (?2 IS NULL OR name = ?2) ORDER BY number DESC LIMIT ?3",
          afterNumber,
          name ?? null,
          limit,
        )
        .map(fromRow),
    clear() {
      database.run("DELETE FROM hook_calls");
    },
  };
}
