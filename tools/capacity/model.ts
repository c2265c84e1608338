/** From what one event takes to what a year of them takes: rates, machines, money, and what gives way first. */
import type { Cost, Measurement } from "./measure.ts";
import { type Limit, limitsOf } from "./limits.ts";
import { assumptions, limits, prices } from "./prices.ts";

const SECONDS_A_YEAR = 365 * 86_400;
const MONTHS = 12;
const HOURS_A_MONTH = 730;
const OPERATIONS_OF_A_MESSAGE = 3;

export interface Year {
  readonly events: number;
  /** A second, on the mean. */
  readonly rates: {
    readonly events: number;
    readonly polls: number;
    readonly requestUnits: number;
    readonly operations: number;
    readonly executions: number;
  };
  readonly peakUnits: number;
  readonly storedGb: number;
  readonly physicalPartitions: number;
  /** Of the host, at the peak. */
  readonly instances: number;
  /** Dollars a month, by part. */
  readonly money: Readonly<Record<string, number>>;
  readonly limits: readonly Limit[];
}

/** How many of each there are in a year. */
const amountsOf = (events: number) => ({
  event: events,
  push: events * assumptions.pushesPerEvent,
  reconciliation: events,
  emailOrder: events * assumptions.emailOrdersPerEvent,
  smsOrder: events * assumptions.smsOrdersPerEvent,
  ...pollsOf((assumptions.consumers / assumptions.secondsBetweenPolls) * SECONDS_A_YEAR),
});

const pollsOf = (polls: number) => ({
  emptyPoll: polls * (1 - assumptions.pollsWithNews),
  page: polls * assumptions.pollsWithNews,
});

/** How many, by what one of them is. */
export type Amounts = ReturnType<typeof amountsOf>;

const total = (measured: Measurement, amounts: Amounts, part: (cost: Cost) => number): number =>
  Object.entries(amounts).reduce(
    (sum, [name, amount]) => sum + amount * part(measured[name as keyof Amounts]),
    0,
  );

/** Dollars a month of Service Bus Standard. */
export function standardPrice(operationsAMonth: number): number {
  let [sum, from] = [prices.serviceBusBase as number, 0];
  for (const { upToMillions, perMillion } of prices.serviceBusSteps) {
    const within = Math.min(operationsAMonth / 1e6, upToMillions) - from;
    if (within <= 0) break;
    sum += within * perMillion;
    from = upToMillions;
  }
  return sum;
}

interface Needs {
  readonly units: number;
  readonly storedGb: number;
  readonly operations: number;
  readonly executions: number;
  readonly gbSeconds: number;
  readonly emails: number;
}

/** @param needs a second, but for what is stored */
function moneyOf(needs: Needs): Record<string, number> {
  const aMonth = SECONDS_A_YEAR / MONTHS;
  const { regions, billedOverMean, peak, telemetryBytesPerExecution } = assumptions;
  const billedUnits = needs.units * billedOverMean * regions;
  const peakMessages = (needs.operations / OPERATIONS_OF_A_MESSAGE) * peak;
  const isStandard = needs.operations * peak <= limits.standardOperationsPerSecond;
  return {
    "Cosmos DB, throughput": (billedUnits / 100) * prices.autoscalePer100UnitHours * HOURS_A_MONTH,
    "Cosmos DB, storage": needs.storedGb * prices.storagePerGbMonth * regions,
    [`Service Bus ${isStandard ? "Standard" : "Premium"}`]: isStandard
      ? standardPrice(needs.operations * aMonth)
      : Math.ceil(peakMessages / limits.messagesPerMessagingUnit) * prices.messagingUnitMonth,
    "Functions, executions": ((needs.executions * aMonth) / 1e6) * prices.executionsPerMillion,
    "Functions, memory": needs.gbSeconds * aMonth * prices.perGbSecond,
    "E-mail": needs.emails * aMonth * prices.emailEach,
    "Logs, if nothing were sampled":
      ((needs.executions * aMonth * telemetryBytesPerExecution) / 1e9) * prices.logsPerGb,
  };
}

/** Everything about a year with so many events. */
export function yearOf(measured: Measurement, events: number): Year {
  const { retentionInDays, storedOverJson, peak, memoryInGb, concurrency } = assumptions;
  const amounts = amountsOf(events);
  const aSecond = (part: (cost: Cost) => number): number =>
    total(measured, amounts, part) / SECONDS_A_YEAR;
  const storedBytes = aSecond((cost) => cost.storedBytes) * retentionInDays * 86_400;
  const storedGb = (storedBytes * storedOverJson) / 1e9;
  const units = aSecond((cost) => cost.requestUnits);
  const physicalPartitions = Math.ceil(
    Math.max(
      (units * peak) / limits.unitsPerPhysicalPartition,
      storedGb / limits.gbPerPhysicalPartition,
    ),
  );
  const requestUnits = units + physicalPartitions * measured.idleUnitsPerRange;
  const operations = aSecond((cost) => cost.messages) * OPERATIONS_OF_A_MESSAGE;
  const executions = aSecond((cost) => cost.executions);
  const instanceSeconds = aSecond((cost) => cost.milliseconds) / 1000 / concurrency;
  const perSecond = Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, amount / SECONDS_A_YEAR]),
  ) as Amounts;
  return {
    events,
    rates: {
      events: perSecond.event,
      polls: perSecond.emptyPoll + perSecond.page,
      requestUnits,
      operations,
      executions,
    },
    peakUnits: units * peak + physicalPartitions * measured.idleUnitsPerRange,
    storedGb,
    physicalPartitions,
    instances: Math.ceil(instanceSeconds * peak),
    money: moneyOf({
      units: requestUnits,
      storedGb,
      operations,
      executions,
      gbSeconds: instanceSeconds * memoryInGb,
      emails: perSecond.emailOrder,
    }),
    limits: limitsOf(measured, perSecond, operations),
  };
}
