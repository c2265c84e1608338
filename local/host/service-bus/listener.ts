/** Service Bus triggers: peek-lock, one message per invocation, completed or abandoned at its end. */
import type { ServiceBusReceivedMessage, ServiceBusReceiver } from "@azure/service-bus";
import { z } from "zod";
import type { RegisteredFunction } from "../app/registered-app.ts";
import { messageOf } from "../log.ts";
import type { HostPorts, Listener } from "../ports.ts";
import { substitute } from "../settings/app-settings.ts";
import type { ServiceBusClients } from "./clients.ts";
import { awaitEntity } from "./entity-check.ts";
import { toMessageInvocation } from "./message-invocation.ts";

const triggerSchema = z.object({
  connection: z.string(),
  queueName: z.string("only queues are supported by the local emulator"),
  cardinality: z
    .literal("one", "only one message at a time is supported by the local emulator")
    .optional(),
  autoCompleteMessages: z.boolean().optional(),
  isSessionsEnabled: z
    .literal(false, "isSessionsEnabled is not supported by the local emulator")
    .optional(),
});
type TriggerOptions = z.output<typeof triggerSchema>;

function readOptions({ trigger }: RegisteredFunction): TriggerOptions {
  const parsed = triggerSchema.safeParse(trigger.options);
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}

function createReceiver(
  { connection, queueName }: TriggerOptions,
  { settings, hostSettings }: HostPorts,
  clients: ServiceBusClients,
): ServiceBusReceiver {
  const { maxAutoLockRenewalDuration } = hostSettings.serviceBus;
  return clients.client(connection).createReceiver(substitute(settings, queueName), {
    // The library parses bodies itself.
    skipParsingBodyAsJson: true,
    maxAutoLockRenewalDurationInMs: maxAutoLockRenewalDuration,
  });
}

/** Runs the function for a message and settles it. A failure is abandoned at once: redelivery has no delay. */
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

  async run(message: ServiceBusReceivedMessage): Promise<void> {
    try {
      await this.#ports.executor.execute(this.target, toMessageInvocation(this.target, message));
    } catch {
      await this.#settle(() => this.#receiver.abandonMessage(message));
      return;
    }
    if (this.#completes) await this.#settle(() => this.#receiver.completeMessage(message));
  }

  /** A message that cannot be settled, its lock lost, comes again. */
  async #settle(settle: () => Promise<void>): Promise<void> {
    try {
      await settle();
    } catch (error) {
      if (this.#ports.stopping.aborted) return;
      this.#ports.log("warn", this.target.name, `Settling: ${messageOf(error)}`);
    }
  }
}

function listen(runner: MessageRunner, ports: HostPorts, receiver: ServiceBusReceiver): Listener {
  const { target } = runner;
  const subscription = receiver.subscribe(
    {
      processMessage: (message) => runner.run(message),
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

/** @throws {Error} the trigger's options, its connection or its entity are not there */
export async function startServiceBusListener(
  target: RegisteredFunction,
  ports: HostPorts,
  clients: ServiceBusClients,
): Promise<Listener> {
  const options = readOptions(target);
  const { serviceBus } = ports.hostSettings;
  const receiver = createReceiver(options, ports, clients);
  await awaitEntity(receiver, ports.startPatienceInMs, ports.stopping);
  const completes = options.autoCompleteMessages ?? serviceBus.autoCompleteMessages;
  const runner = new MessageRunner(target, ports, receiver, completes);
  return listen(runner, ports, receiver);
}
