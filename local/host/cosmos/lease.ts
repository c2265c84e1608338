/** One lease: who reads a range of the feed, and how far they are. Every write proves that it is still held. */
import type { Container } from "@azure/cosmos";
import type { Clock } from "../../clock.ts";

export interface LeaseDocument {
  readonly id: string;
  /** Of hashes of partition keys: where the range begins and before what it ends. */
  readonly minInclusive: string;
  readonly maxExclusive: string;
  /** Where to go on; absent when nothing was read yet. */
  readonly continuation?: string;
  /** Empty: free. */
  readonly owner: string;
  /** When the owner last wrote, in epoch ms. */
  readonly renewedAt: number;
}

/** Another host has it. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

export interface StoredLease {
  readonly document: LeaseDocument;
  readonly etag: string;
}

const PRECONDITION_FAILED = 412;
const NOT_FOUND = 404;

const isLost = (error: unknown): boolean => {
  const { code } = error as { readonly code?: unknown };
  return code === PRECONDITION_FAILED || code === NOT_FOUND;
};

export async function readLease(leases: Container, id: string): Promise<StoredLease | undefined> {
  const { resource, etag } = await leases.item(id, id).read<LeaseDocument>();
  return resource && { document: resource, etag };
}

/** A lease that this host holds. */
export class HeldLease {
  readonly #leases: Container;
  readonly #clock: Clock;
  #stored: StoredLease;
  /** Writes go one after another: each needs the ETag of the one before. */
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(leases: Container, clock: Clock, stored: StoredLease) {
    this.#leases = leases;
    this.#clock = clock;
    this.#stored = stored;
  }

  /** @throws {LeaseLost} another host was quicker */
  static async acquire(
    leases: Container,
    clock: Clock,
    stored: StoredLease,
    owner: string,
  ): Promise<HeldLease> {
    const lease = new HeldLease(leases, clock, stored);
    await lease.#write({ owner });
    return lease;
  }

  get document(): LeaseDocument {
    return this.#stored.document;
  }

  /** @throws {LeaseLost} */
  renew(): Promise<void> {
    return this.#write({});
  }

  /** @throws {LeaseLost} */
  checkpoint(continuation: string): Promise<void> {
    return this.#write({ continuation });
  }

  /** Lets any host have it at once. @throws {LeaseLost} */
  release(): Promise<void> {
    return this.#write({ owner: "" });
  }

  #write(change: Partial<LeaseDocument>): Promise<void> {
    const written = this.#queue.then(() => this.#replace(change));
    this.#queue = written.catch(() => undefined);
    return written;
  }

  async #replace(change: Partial<LeaseDocument>): Promise<void> {
    const { document, etag } = this.#stored;
    const next: LeaseDocument = { ...document, ...change, renewedAt: this.#clock.now() };
    try {
      const response = await this.#leases
        .item(document.id, document.id)
        .replace(next, { accessCondition: { type: "IfMatch", condition: etag } });
      this.#stored = { document: next, etag: response.etag };
    } catch (error) {
      throw isLost(error) ? new LeaseLost(`Lease ${document.id} is lost.`) : error;
    }
  }
}
