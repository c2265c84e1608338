/** What gives way first when there is more of everything. */
import type { Measurement } from "./measure.ts";
import type { Amounts } from "./model.ts";
import { assumptions, limits } from "./prices.ts";

export interface Limit {
  readonly what: string;
  readonly bearable: number;
  readonly needed: number;
  readonly unit: string;
  readonly movedBy: string;
}

/** So many a second go into one logical partition. */
const perPartition = (units = 0): number =>
  units === 0 ? Infinity : limits.unitsPerLogicalPartition / units;

const ofEvents = (
  { event }: Measurement,
  perSecond: Amounts,
  operations: number,
): readonly Limit[] => [
  {
    what: "Reconciler: one run at a time",
    bearable: limits.reconciledPerRun / limits.reconcilingEverySeconds,
    needed: perSecond.event,
    unit: "events a second, mean",
    movedBy: "several runs at once, or a sample",
  },
  {
    what: "Service Bus Standard: credits of a namespace",
    bearable: limits.standardOperationsPerSecond,
    needed: operations * assumptions.peak,
    unit: "operations a second, peak",
    movedBy: "`serviceBusTier = 'Premium'`, then `messagingUnits`",
  },
  {
    what: "Feed of a single resource, if all events were of one",
    bearable: perPartition(event.byContainer["feeds"]),
    needed: perSecond.event * assumptions.peak,
    unit: "events a second, peak",
    movedBy: "larger batches (they come by themselves under load), several feeds for a resource",
  },
  {
    what: "Sockets held by webhooks that hang",
    bearable: limits.instancesOfAnApp * assumptions.concurrency,
    needed:
      perSecond.push *
      assumptions.peak *
      assumptions.hangingShare *
      assumptions.webhookTimeoutInSeconds,
    unit: "sockets, peak",
    movedBy: "a shorter time-out; hosts that hang are called less often by themselves",
  },
];

const ofOrders = ({ emailOrder }: Measurement, perSecond: Amounts): readonly Limit[] => {
  const atPeak = (perSecond.emailOrder + perSecond.smsOrder) * assumptions.peak;
  return [
    {
      what: "Figures of a day: one logical partition of `notification-metrics`",
      bearable: perPartition(emailOrder.byContainer["notification-metrics"]),
      needed: atPeak,
      unit: "orders a second, peak",
      movedBy: "a shard in the key, or larger batches of the projection",
    },
    {
      what: "Status feed of a single creator, if all orders were of one",
      bearable: perPartition(emailOrder.byContainer["status-feeds"]),
      needed: atPeak,
      unit: "orders a second, peak",
      movedBy: "larger batches",
    },
    {
      what: "E-mails of a new domain",
      bearable: limits.emailsPerHourOfANewDomain / 3600,
      needed: perSecond.emailOrder,
      unit: "e-mails a second, mean",
      movedBy: "a higher quota, asked of Azure support well before",
    },
  ];
};

/** The scarcest first. */
export const limitsOf = (
  measured: Measurement,
  perSecond: Amounts,
  operations: number,
): readonly Limit[] =>
  [...ofEvents(measured, perSecond, operations), ...ofOrders(measured, perSecond)].sort(
    (one, other) => other.needed / other.bearable - one.needed / one.bearable,
  );
