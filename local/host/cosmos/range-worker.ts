/** Follows one range of the feed while its lease is held: one batch at a time, noted when it is done. */
import type { RegisteredFunction } from "../app/registered-app.ts";
import { pause } from "../invocation/retry.ts";
import { messageOf } from "../log.ts";
import { type HostPorts, retryPolicyOf } from "../ports.ts";
import type { FeedPage, FeedReader } from "./feed-reader.ts";
import { type HeldLease, LeaseLost } from "./lease.ts";

export interface RangeWorkerOptions {
  readonly target: RegisteredFunction;
  readonly ports: HostPorts;
  readonly lease: HeldLease;
  readonly reader: FeedReader;
  readonly pollDelayInMs: number;
  readonly renewIntervalInMs: number;
  readonly expirationInMs: number;
}

export class RangeWorker {
  readonly #options: RangeWorkerOptions;
  readonly #lost = new AbortController();
  /** The host stops, or the lease is lost. */
  readonly #ended: AbortSignal;
  readonly #done: Promise<void>;

  constructor(options: RangeWorkerOptions) {
    this.#options = options;
    this.#ended = AbortSignal.any([options.ports.stopping, this.#lost.signal]);
    this.#done = Promise.all([this.#follow(), this.#keepLease()]).then(() => undefined);
  }

  /** Resolves when it reads no more: the host stops or the lease is lost. */
  get done(): Promise<void> {
    return this.#done;
  }

  /** Lets another host go on from the last checkpoint. */
  async release(): Promise<void> {
    if (this.#lost.signal.aborted) return;
    await this.#hold(() => this.#options.lease.release());
    this.#lost.abort();
  }

  async #follow(): Promise<void> {
    const { reader, ports, pollDelayInMs } = this.#options;
    while (!this.#ended.aborted) {
      const page = await this.#attempt(() => reader.next());
      if (page && page.documents.length > 0) await this.#process(page);
      else await pause(ports.clock, pollDelayInMs, this.#ended);
    }
  }

  async #process({ documents, continuation }: FeedPage): Promise<void> {
    const { target, ports, lease } = this.#options;
    if (!(await this.#isStillHeld())) return;
    const retry = retryPolicyOf(target, ports.hostSettings);
    const invocation = {
      inputData: [{ name: target.trigger.name, data: { string: JSON.stringify(documents) } }],
      triggerMetadata: {},
    };
    try {
      await ports.executor.execute(target, invocation, retry, this.#ended);
    } catch {
      // Given up because the end has come: the next owner begins with this batch. Otherwise it is passed over, as in
      // Azure: who must not lose changes retries without end.
      if (retry && this.#ended.aborted) return;
    }
    await this.#hold(() => lease.checkpoint(continuation));
  }

  /** A lease that may have expired is asked for before its range is worked on. */
  async #isStillHeld(): Promise<boolean> {
    const { lease, ports, expirationInMs } = this.#options;
    if (ports.clock.now() - lease.document.renewedAt >= expirationInMs) {
      await this.#hold(() => lease.renew());
    }
    return !this.#ended.aborted;
  }

  async #keepLease(): Promise<void> {
    const { lease, ports, renewIntervalInMs } = this.#options;
    while (await pause(ports.clock, renewIntervalInMs, this.#ended)) {
      await this.#hold(() => lease.renew());
    }
  }

  /** Writes to the lease; ends the work when another host has it. */
  async #hold(write: () => Promise<void>): Promise<void> {
    await this.#attempt(async () => {
      try {
        await write();
      } catch (error) {
        if (error instanceof LeaseLost) this.#lost.abort();
        throw error;
      }
    });
  }

  /** What fails is logged and tried again in its turn. */
  async #attempt<Result>(action: () => Promise<Result>): Promise<Result | undefined> {
    const { ports, target } = this.#options;
    try {
      return await action();
    } catch (error) {
      if (!ports.stopping.aborted) {
        ports.log("warn", target.name, `Change feed: ${messageOf(error)}`);
      }
      return undefined;
    }
  }
}
