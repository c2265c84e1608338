/** The configuration of Microsoft's Service Bus emulator that follows from the topology. */
import topology from "../infra/topology.json" with { type: "json" };

type Queue = (typeof topology.queues)[keyof typeof topology.queues];

/** The emulator keeps messages for an hour at most, and looks for duplicates for five minutes at most. */
const limits = { defaultMessageTimeToLive: "PT1H", duplicateDetectionHistoryTimeWindow: "PT5M" };

const toEmulatorQueue = (queue: Queue) => ({
  Name: queue.name,
  Properties: {
    DeadLetteringOnMessageExpiration: queue.deadLetteringOnMessageExpiration,
    DefaultMessageTimeToLive: limits.defaultMessageTimeToLive,
    DuplicateDetectionHistoryTimeWindow: limits.duplicateDetectionHistoryTimeWindow,
    ForwardDeadLetteredMessagesTo: "",
    ForwardTo: "",
    LockDuration: queue.lockDuration,
    MaxDeliveryCount: queue.maxDeliveryCount,
    RequiresDuplicateDetection: queue.requiresDuplicateDetection,
    RequiresSession: false,
  },
});

/** What `infra/emulators/service-bus.json` must hold. */
export const emulatorConfig = (): object => ({
  UserConfig: {
    Namespaces: [
      {
        Name: "sbemulatorns",
        Queues: Object.values(topology.queues).map(toEmulatorQueue),
        Topics: [],
      },
    ],
    Logging: { Type: "Console" },
  },
});
