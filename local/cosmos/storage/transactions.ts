/** Transactions that share a commit: those of one turn of the event loop, of which each can still fail alone. */
import type { StatementSync } from "node:sqlite";

interface Commit {
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
  /** What is written last, by what it is about. */
  readonly last: Map<object, () => void>;
}

function openCommit(): Commit {
  const settle: Partial<Pick<Commit, "resolve" | "reject">> = {};
  const done = new Promise<void>((resolve, reject) => Object.assign(settle, { resolve, reject }));
  // Whoever waits is told; that nobody waits is no failure of its own.
  done.catch(() => undefined);
  return { done, last: new Map(), ...(settle as Pick<Commit, "resolve" | "reject">) };
}

export class Transactions {
  readonly #prepare: (sql: string) => StatementSync;
  #commit: Commit | undefined;
  #failure: Error | undefined;

  constructor(prepare: (sql: string) => StatementSync) {
    this.#prepare = prepare;
  }

  /** All of it or nothing; durable only after the next commit. Does not nest. */
  transaction<Result>(work: () => Result): Result {
    if (this.#failure) throw this.#failure;
    this.#commit ??= this.#begin();
    this.#prepare("SAVEPOINT work").run();
    try {
      const result = work();
      this.#prepare("RELEASE work").run();
      return result;
    } catch (error) {
      this.#undo();
      throw error;
    }
  }

  /** Has this done at the end of the open commit, once for each subject. Needs one. */
  beforeCommit(subject: object, write: () => void): void {
    this.#commit?.last.set(subject, write);
  }

  /**
   * Resolves when all that has been written so far is durable; undefined when it is already. Nothing that depends on what
   * was written or read may be told before.
   *
   * @throws {Error} the file could not be written; nothing more can be until the next start
   */
  committed(): Promise<void> | undefined {
    if (this.#failure) throw this.#failure;
    return this.#commit?.done;
  }

  /** Commits now what is open. */
  flush(): void {
    const commit = this.#commit;
    if (!commit) return;
    try {
      for (const write of commit.last.values()) write();
      this.#prepare("COMMIT").run();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#commit = undefined;
    commit.resolve();
  }

  #begin(): Commit {
    this.#prepare("BEGIN IMMEDIATE").run();
    setImmediate(() => {
      this.flush();
    });
    return openCommit();
  }

  #undo(): void {
    try {
      this.#prepare("ROLLBACK TO work").run();
      this.#prepare("RELEASE work").run();
    } catch (error) {
      // A full disk has taken back more than this: what the others wrote, too.
      this.#fail(error);
    }
  }

  /** Memory may be ahead of the file from here on. */
  #fail(cause: unknown): void {
    this.#failure ??= new Error("The file of the local Cosmos DB cannot be written.", { cause });
    this.#commit?.reject(this.#failure);
    this.#commit = undefined;
  }
}
