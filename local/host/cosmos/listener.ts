/** A Cosmos DB trigger: takes leases on ranges of the change feed and follows each of them. */
import type { RegisteredFunction } from "../app/registered-app.ts";
import { pause } from "../invocation/retry.ts";
import { messageOf } from "../log.ts";
import type { HostPorts, Listener } from "../ports.ts";
import type { CosmosClients } from "./clients.ts";
import { openContainers, type TriggerContainers } from "./containers.ts";
import { FeedReader, type FeedStart } from "./feed-reader.ts";
import type { HeldLease } from "./lease.ts";
import { LeaseSet } from "./lease-set.ts";
import { RangeWorker } from "./range-worker.ts";
import { type CosmosTriggerOptions, readTriggerOptions } from "./trigger-options.ts";

const startOf = ({ startFromBeginning, startFromTime }: CosmosTriggerOptions): FeedStart => {
  if (startFromTime !== undefined) return new Date(startFromTime);
  return startFromBeginning ? "beginning" : "now";
};

class CosmosListener implements Listener {
  readonly #target: RegisteredFunction;
  readonly #ports: HostPorts;
  readonly #options: CosmosTriggerOptions;
  readonly #containers: TriggerContainers;
  readonly #leases: LeaseSet;
  /** By the ids of their leases. */
  readonly #workers = new Map<string, RangeWorker>();

  constructor(
    target: RegisteredFunction,
    ports: HostPorts,
    options: CosmosTriggerOptions,
    containers: TriggerContainers,
    leases: LeaseSet,
  ) {
    this.#target = target;
    this.#ports = ports;
    this.#options = options;
    this.#containers = containers;
    this.#leases = leases;
  }

  /** Resolves when the ranges that are free are followed. */
  async start(): Promise<void> {
    await this.#acquire();
    void this.#keepAcquiring();
  }

  async #keepAcquiring(): Promise<void> {
    const { clock, stopping, log } = this.#ports;
    while (await pause(clock, this.#options.leaseAcquireInterval, stopping)) {
      try {
        await this.#acquire();
      } catch (error) {
        if (!stopping.aborted) log("warn", this.#target.name, `Leases: ${messageOf(error)}`);
      }
    }
  }

  async #acquire(): Promise<void> {
    const leases = await this.#leases.acquire(new Set(this.#workers.keys()));
    await Promise.all(leases.map((lease) => this.#follow(lease)));
  }

  async #follow(lease: HeldLease): Promise<void> {
    const { id, continuation } = lease.document;
    const { maxItemsPerInvocation, feedPollDelay } = this.#options;
    const { leaseRenewInterval, leaseExpirationInterval } = this.#options;
    const start = startOf(this.#options);
    const { monitored } = this.#containers;
    const reader = await FeedReader.open(monitored, lease.document, start, maxItemsPerInvocation);
    if (start === "now" && continuation === undefined) {
      // "Now" is this moment, also after a restart before the first change.
      await lease.checkpoint((await reader.next()).continuation);
    }
    const worker = new RangeWorker({
      target: this.#target,
      ports: this.#ports,
      lease,
      reader,
      pollDelayInMs: feedPollDelay,
      renewIntervalInMs: leaseRenewInterval,
      expirationInMs: leaseExpirationInterval,
    });
    this.#workers.set(id, worker);
    void worker.done.then(() => {
      if (!this.#ports.stopping.aborted) this.#workers.delete(id);
    });
  }

  pause(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.release()));
  }
}

/** @throws {Error} the trigger's options, its connection or its containers are not there */
export async function startCosmosListener(
  target: RegisteredFunction,
  ports: HostPorts,
  clients: CosmosClients,
): Promise<Listener> {
  const options = readTriggerOptions(target.trigger.options);
  const { settings, clock, instanceId, stopping, startPatienceInMs } = ports;
  const patience = AbortSignal.any([stopping, AbortSignal.timeout(startPatienceInMs)]);
  const containers = await openContainers(options, clients, settings, patience);
  const leases = await LeaseSet.open({
    containers,
    prefix: options.leaseContainerPrefix,
    owner: instanceId,
    expirationInMs: options.leaseExpirationInterval,
    clock,
  });
  const listener = new CosmosListener(target, ports, options, containers, leases);
  await listener.start();
  return listener;
}
