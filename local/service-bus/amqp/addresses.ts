/** What an address names: a queue, its dead-letter queue, or the management node of either. */
import { notSupported } from "../broker/failure.ts";

export interface Address {
  /** As the broker knows the queue. */
  readonly path: string;
  readonly isManagement: boolean;
}

const MANAGEMENT = "/$management";

/** @throws {BrokerFailure} not-supported – a transfer queue, a subscription, a transaction coordinator */
export function parseAddress(address: string | null | undefined): Address {
  // A link without an address is one to the coordinator of transactions.
  if (address === undefined || address === null) throw notSupported("A transaction is");
  const path = address.replace(/^[a-z]+:\/\/[^/]*/i, "").replace(/^\//, "");
  const lower = path.toLowerCase();
  if (lower.includes("/subscriptions/")) throw notSupported("A subscription is");
  if (lower.includes("/$transfer")) throw notSupported("A transfer queue is");
  const isManagement = lower.endsWith(MANAGEMENT);
  return { path: isManagement ? path.slice(0, -MANAGEMENT.length) : path, isManagement };
}
