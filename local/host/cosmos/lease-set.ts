/**
 * All leases of one trigger. A document of their own lists the ranges, so that every host, whenever it comes, reads the
 * same ones, by point reads alone.
 */
import type { Container } from "@azure/cosmos";
import type { Clock } from "../../clock.ts";
import type { TriggerContainers } from "./containers.ts";
import { HeldLease, type LeaseDocument, LeaseLost, readLease } from "./lease.ts";

interface Range {
  readonly minInclusive: string;
  readonly maxExclusive: string;
}

interface RangeList {
  readonly id: string;
  readonly ranges: readonly Range[];
}

export interface LeaseSetOptions {
  readonly containers: TriggerContainers;
  /** Tells the triggers apart that share a lease container. */
  readonly prefix: string;
  /** Who acquires; what it owned before, it takes over at once. */
  readonly owner: string;
  readonly expirationInMs: number;
  readonly clock: Clock;
}

const CONFLICT = 409;

/** Whoever comes first makes it. */
async function createIfAbsent(leases: Container, document: object): Promise<void> {
  try {
    await leases.items.create(document);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== CONFLICT) throw error;
  }
}

async function readRanges(
  { monitored, leases }: TriggerContainers,
  listId: string,
): Promise<readonly Range[]> {
  const read = async (): Promise<RangeList | undefined> => {
    const { resource } = await leases.item(listId, listId).read<RangeList>();
    return resource;
  };
  const known = await read();
  if (known) return known.ranges;
  const ranges = (await monitored.getFeedRanges()).map(({ minInclusive, maxExclusive }) => ({
    minInclusive,
    maxExclusive,
  }));
  await createIfAbsent(leases, { id: listId, ranges } satisfies RangeList);
  return (await read())?.ranges ?? ranges;
}

export class LeaseSet {
  readonly #options: LeaseSetOptions;
  readonly #ids: readonly string[];

  private constructor(options: LeaseSetOptions, ids: readonly string[]) {
    this.#options = options;
    this.#ids = ids;
  }

  /** Makes the leases that are not there yet. */
  static async open(options: LeaseSetOptions): Promise<LeaseSet> {
    const { containers, prefix } = options;
    // An id must not have a slash, which resource ids may.
    const base = `${prefix}.${containers.monitoredId.replaceAll("/", "-")}`;
    const ranges = await readRanges(containers, `${base}.ranges`);
    const documents = ranges.map((range): LeaseDocument => ({
      id: `${base}.${range.minInclusive}-${range.maxExclusive}`,
      ...range,
      owner: "",
      renewedAt: 0,
    }));
    await Promise.all(
      documents.map(async (document) => {
        if (!(await readLease(containers.leases, document.id))) {
          await createIfAbsent(containers.leases, document);
        }
      }),
    );
    return new LeaseSet(
      options,
      documents.map(({ id }) => id),
    );
  }

  /**
   * Takes what nobody holds.
   *
   * @param held ids that need not be looked at
   */
  async acquire(held: ReadonlySet<string>): Promise<readonly HeldLease[]> {
    const acquired = await Promise.all(
      this.#ids.filter((id) => !held.has(id)).map((id) => this.#tryAcquire(id)),
    );
    return acquired.filter((lease) => lease !== undefined);
  }

  async #tryAcquire(id: string): Promise<HeldLease | undefined> {
    const { containers, clock, owner } = this.#options;
    const stored = await readLease(containers.leases, id);
    if (!stored || !this.#isAvailable(stored.document)) return undefined;
    try {
      return await HeldLease.acquire(containers.leases, clock, stored, owner);
    } catch (error) {
      if (error instanceof LeaseLost) return undefined;
      throw error;
    }
  }

  #isAvailable({ owner, renewedAt }: LeaseDocument): boolean {
    const { expirationInMs, clock } = this.#options;
    if (owner === "" || owner === this.#options.owner) return true;
    return clock.now() - renewedAt > expirationInMs;
  }
}
