/** Service Bus triggers: peek-lock, one message or one batch per invocation, completed or abandoned at its end. */
import type { ServiceBusReceivedMessage, ServiceBusReceiver } from "@azure/service-bus";
import { z } from "zod";
import { systemClock } from "../../clock.ts";
import type { RegisteredFunction } from "../app/registered-app.ts";
import { pause } from "../invocation/retry.ts";
import type { Invocation } from "../invocation/invoke.ts";
import { messageOf } from "../log.ts";
import type { HostPorts, Listener } from "../ports.ts";
import { substitute } from "../settings/app-settings.ts";
import type { ServiceBusClients } from "./clients.ts";
import { awaitEntity } from "./entity-check.ts";
import { toBatchInvocation, toMessageInvocation } from "./message-invocation.ts";

const triggerSchema = z.object({
  connection: z.string(),
  queueName: z.string().optional(),
  topicName: z.string().optional(),
  subscriptionName: z.string().optional(),
  cardinality: z.enum(["one", "many"]).default("one"),
  autoCompleteMessages: z.boolean().optional(),
  isSessionsEnabled: z
    .literal(false, "isSessionsEnabled is not supported by the local emulator")
    .optional(),
});
type TriggerOptions = z.output<typeof triggerSchema>;

function createReceiver(
  { connection, queueName, topicName = "", subscriptionName = "" }: TriggerOptions,
  { settings, hostSettings }: HostPorts,
  clients: ServiceBusClients,
): ServiceBusReceiver {
  const { maxAutoLockRenewalDuration } = hostSettings.serviceBus;
  const options = {
    // The library parses bodies itself.
    skipParsingBodyAsJson: true,
    maxAutoLockRenewalDurationInMs: maxAutoLockRenewalDuration,
  };
  const client = clients.client(connection);
  const name = (text: string): string => substitute(settings, text);
  return queueName === undefined
    ? client.createReceiver(name(topicName), name(subscriptionName), options)
    : client.createReceiver(name(queueName), options);
}

/** Runs the function for messages and settles them. A failure is abandoned at once: redelivery has no delay. */
class MessageRunner {
  readonly target: RegisteredFunction;
  readonly #ports: HostPorts;
  readonly #receiver: ServiceBusReceiver;
  readonly #completes: boolean;

  constructor(
    target: RegisteredFunction,
    ports: HostPorts,
    receiver: ServiceBusReceiver,
    completes: boolean,
  ) {
    this.target = target;
    this.#ports = ports;
    this.#receiver = receiver;
    this.#completes = completes;
  }

  async run(invocation: Invocation, messages: readonly ServiceBusReceivedMessage[]): Promise<void> {
    try {
      await this.#ports.executor.execute(this.target, invocation);
    } catch {
      await this.#settle(messages, (message) => this.#receiver.abandonMessage(message));
      return;
    }
    if (!this.#completes) return;
    await this.#settle(messages, (message) => this.#receiver.completeMessage(message));
  }

  /** A message that cannot be settled, its lock lost, comes again. */
  async #settle(
    messages: readonly ServiceBusReceivedMessage[],
    settle: (message: ServiceBusReceivedMessage) => Promise<void>,
  ): Promise<void> {
    for (const result of await Promise.allSettled(messages.map(settle))) {
      if (result.status === "rejected") {
        this.#ports.log("warn", this.target.name, `Settling: ${messageOf(result.reason)}`);
      }
    }
  }
}

function listenToEach(
  runner: MessageRunner,
  ports: HostPorts,
  receiver: ServiceBusReceiver,
): Listener {
  const { target } = runner;
  const subscription = receiver.subscribe(
    {
      processMessage: (message) => runner.run(toMessageInvocation(target, message), [message]),
      processError: ({ error, errorSource }) => {
        if (!ports.stopping.aborted) {
          ports.log("warn", target.name, `Service Bus, ${errorSource}: ${error.message}`);
        }
        return Promise.resolve();
      },
    },
    {
      autoCompleteMessages: false,
      maxConcurrentCalls: ports.hostSettings.serviceBus.maxConcurrentCalls,
    },
  );
  return { pause: () => subscription.close(), close: () => receiver.close() };
}

/** How long one request for a batch waits for its first message. */
const BATCH_WAIT_IN_MS = 30_000;
const FAILURE_PAUSE_IN_MS = 500;

async function receiveBatches(
  runner: MessageRunner,
  ports: HostPorts,
  receiver: ServiceBusReceiver,
): Promise<void> {
  const { hostSettings, stopping, log } = ports;
  const isStopping = (): boolean => stopping.aborted;
  while (!isStopping()) {
    try {
      const messages = await receiver.receiveMessages(hostSettings.serviceBus.maxMessageBatchSize, {
        maxWaitTimeInMs: BATCH_WAIT_IN_MS,
        abortSignal: stopping,
      });
      if (messages.length > 0) {
        await runner.run(toBatchInvocation(runner.target, messages), messages);
      }
    } catch (error) {
      if (isStopping()) return;
      log("warn", runner.target.name, `Service Bus: ${messageOf(error)}`);
      await pause(systemClock, FAILURE_PAUSE_IN_MS, stopping);
    }
  }
}

function listenToBatches(
  runner: MessageRunner,
  ports: HostPorts,
  receiver: ServiceBusReceiver,
): Listener {
  void receiveBatches(runner, ports, receiver);
  return { pause: () => Promise.resolve(), close: () => receiver.close() };
}

/** @throws {Error} the trigger's options, its connection or its entity are not there */
export async function startServiceBusListener(
  target: RegisteredFunction,
  ports: HostPorts,
  clients: ServiceBusClients,
): Promise<Listener> {
  const options = triggerSchema.parse(target.trigger.options);
  const { serviceBus } = ports.hostSettings;
  const receiver = createReceiver(options, ports, clients);
  await awaitEntity(receiver, ports.startPatienceInMs, ports.stopping);
  const completes = options.autoCompleteMessages ?? serviceBus.autoCompleteMessages;
  const runner = new MessageRunner(target, ports, receiver, completes);
  return options.cardinality === "many"
    ? listenToBatches(runner, ports, receiver)
    : listenToEach(runner, ports, receiver);
}
