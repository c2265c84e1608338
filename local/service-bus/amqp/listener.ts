/** Listens for AMQP clients and passes what rhea reports to each client. */
import type { AddressInfo, Server } from "node:net";
import rhea, { type Container } from "rhea";
import { Client, type ClientPorts } from "./client.ts";
import { cut } from "./exchange.ts";
import type { Connection, Events } from "./rhea.ts";
import { settlements } from "./settlement.ts";

export interface ListenOptions {
  readonly port: number;
  readonly host: string;
}

export interface Listener {
  readonly port: number;
  /** Cuts every connection. */
  readonly disconnectAll: () => void;
  close(): Promise<void>;
}

const outcomeNames = Object.keys(settlements) as (keyof typeof settlements)[];

type On = <Name extends keyof Events>(event: Name, handle: (context: Events[Name]) => void) => void;

/** Connects rhea's events to the clients. */
function route(container: Container, clients: Map<Connection, Client>, ports: ClientPorts): void {
  const on: On = (event, handle) => {
    container.on(event, (context) => {
      handle(context as never);
    });
  };
  const clientOf = (connection: Connection): Client => {
    const known = clients.get(connection) ?? new Client(ports);
    clients.set(connection, known);
    return known;
  };
  const wake = (): void => {
    ports.broker.wake();
  };
  on("sender_open", ({ connection, sender }) => {
    clientOf(connection).attachOutgoing(sender);
  });
  on("receiver_open", ({ connection, receiver }) => {
    clientOf(connection).attachIncoming(receiver);
  });
  on("message", (context) => {
    clientOf(context.connection).receive(context);
  });
  on("sender_flow", wake);
  on("sendable", wake);
  on("sender_draining", ({ connection, sender }) => {
    const consumer = clients.get(connection)?.consumerOf(sender);
    if (consumer) consumer.drain();
    else sender.set_drained(true);
  });
  for (const outcome of outcomeNames) {
    on(outcome, ({ connection, sender, delivery }) => {
      clients.get(connection)?.consumerOf(sender)?.settle(delivery, outcome);
    });
  }
  on("sender_close", ({ connection, sender }) => {
    clients.get(connection)?.detach(sender);
  });
  const forget = ({ connection }: { connection: Connection }): void => {
    clients.get(connection)?.close();
    clients.delete(connection);
  };
  on("disconnected", forget);
  on("connection_close", forget);
}

const ignored = ["connection_error", "session_error", "sender_error", "receiver_error"];

function createContainer(): Container {
  const container = rhea.create_container({ id: "service-bus" });
  const mechanisms = container.sasl_server_mechanisms as { enable_anonymous(): void };
  mechanisms.enable_anonymous();
  // A client that closes something with an error is not our failure.
  for (const event of ignored) container.on(event, () => undefined);
  for (const event of ["protocol_error", "error"]) {
    container.on(event, (error: unknown) => {
      console.error("Service Bus emulator: a connection failed:", error);
    });
  }
  return container;
}

/** @throws an error of the socket, such as EADDRINUSE, as it is */
export async function listen(options: ListenOptions, ports: ClientPorts): Promise<Listener> {
  const clients = new Map<Connection, Client>();
  const container = createContainer();
  route(container, clients, ports);
  const server: Server = container.listen({
    ...options,
    max_frame_size: 65_536,
    tcp_no_delay: true,
    // A peek-lock delivery ends when the broker says so; see `ConsumerLink.settle`.
    sender_options: { autosettle: false, treat_modified_as_released: false },
    receiver_options: { autoaccept: false, credit_window: 1000 },
  } as Parameters<Container["listen"]>[0]);
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve).once("error", reject);
  });
  const disconnectAll = (): void => {
    for (const connection of [...clients.keys()]) cut(connection);
  };
  return {
    port: (server.address() as AddressInfo).port,
    disconnectAll,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        disconnectAll();
      }),
  };
}
