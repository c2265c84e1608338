/** What the host remembers between starts: when its timers are due, and its own name. */
import { DatabaseSync } from "node:sqlite";

export interface StateStore {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  close(): void;
}

const busyCode = 5;

/**
 * @param file made when it is not there; `:memory:` forgets everything
 * @throws {Error} another host has the file
 */
export function openStateStore(file: string): StateStore {
  const database = new DatabaseSync(file);
  try {
    // One host per file: the name in it must not be worn by two at once. A killed host's lock dies with it.
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;");
    database.exec(
      "CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;",
    );
  } catch (error) {
    database.close();
    if ((error as { readonly errcode?: unknown }).errcode !== busyCode) throw error;
    throw new Error(`Another host uses ${file}.`, { cause: error });
  }
  const select = database.prepare("SELECT value FROM state WHERE key = ?");
  const upsert = database.prepare(
    "INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  );
  return {
    get: (key) => select.get(key)?.["value"] as string | undefined,
    set: (key, value) => {
      upsert.run(key, value);
    },
    close: () => {
      database.close();
    },
  };
}
