/**
 * List prices in US dollars and documented limits, from memory and not looked up again: they differ by region, change,
 * and are before any agreement. Put in your own before you believe a sum.
 */
export const prices = {
  /** Autoscaled throughput, 100 RU/s for an hour, for each region. */
  autoscalePer100UnitHours: 0.012,
  serverlessPerMillionUnits: 0.25,
  /** For each region. */
  storagePerGbMonth: 0.25,
  executionsPerMillion: 0.4,
  perGbSecond: 0.000026,
  /** Service Bus Standard: base for a month, and the steps of operations a month. */
  serviceBusBase: 10,
  serviceBusSteps: [
    { upToMillions: 13, perMillion: 0 },
    { upToMillions: 100, perMillion: 0.8 },
    { upToMillions: 2500, perMillion: 0.5 },
    { upToMillions: Infinity, perMillion: 0.2 },
  ],
  messagingUnitMonth: 677,
  emailEach: 0.00025,
  logsPerGb: 2.76,
} as const;

export const limits = {
  unitsPerLogicalPartition: 10_000,
  unitsPerPhysicalPartition: 10_000,
  gbPerPhysicalPartition: 50,
  /** Service Bus Standard, operations a second for a namespace. */
  standardOperationsPerSecond: 1000,
  /** Of one messaging unit of Premium; a rough figure for small messages. */
  messagesPerMessagingUnit: 1000,
  emailsPerHourOfANewDomain: 100,
  instancesOfAnApp: 1000,
  /**
   * `functions/events/use-cases/reconcile-events.ts` looks at 16 at a time for four of every five minutes; some 50 ms each,
   * three small reads in a row, is assumed.
   */
  reconciledPerRun: (16 * 4 * 60) / 0.05,
  reconcilingEverySeconds: 300,
} as const;

/** What nobody can measure here. */
export const assumptions = {
  pushesPerEvent: 1,
  emailOrdersPerEvent: 0.1,
  smsOrdersPerEvent: 0.05,
  consumers: 1_000_000,
  secondsBetweenPolls: 600,
  /** Share of polls that find a page of news. */
  pollsWithNews: 0.02,
  /** Peak hour over mean. */
  peak: 10,
  /** Autoscale is billed by the highest second of each hour. */
  billedOverMean: 2,
  regions: 2,
  retentionInDays: 100,
  /** Documents and their index, over their JSON. */
  storedOverJson: 1.25,
  memoryInGb: 2,
  /** Executions that one instance runs at the same time. */
  concurrency: 16,
  hangingShare: 0.05,
  webhookTimeoutInSeconds: 15,
  telemetryBytesPerExecution: 1000,
} as const;
