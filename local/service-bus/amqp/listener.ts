/** Listens for AMQP clients and passes what rhea reports to each client. */
import type { AddressInfo, Server, Socket } from "node:net";
import rhea, { type Container } from "rhea";
import { Client, type ClientPorts } from "./client.ts";
import { cut } from "./exchange.ts";
import type { Connection, Context, Events } from "./rhea.ts";
import { settlements } from "./settlement.ts";

export interface ListenOptions {
  readonly port: number;
  readonly host: string;
  readonly log: (message: string) => void;
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
  const wake = (): void => {
    ports.broker.wake();
  };
  const forget = ({ connection }: Context): void => {
    clients.get(connection)?.close();
    clients.delete(connection);
  };
  on("connection_open", ({ connection }) => {
    clients.set(connection, new Client(ports));
  });
  on("connection_close", forget);
  on("disconnected", forget);
  on("session_close", ({ connection, session }) => {
    session.each_sender((link) => clients.get(connection)?.detach(link));
  });
  on("sender_open", ({ connection, sender }) => {
    clients.get(connection)?.attachOutgoing(sender);
  });
  on("sender_close", ({ connection, sender }) => {
    clients.get(connection)?.detach(sender);
  });
  on("sender_flow", wake);
  on("sendable", wake);
  on("sender_draining", ({ connection, sender }) => {
    clients.get(connection)?.drain(sender);
  });
  on("receiver_open", ({ connection, receiver }) => {
    clients.get(connection)?.attachIncoming(receiver);
  });
  on("message", (context) => {
    clients.get(context.connection)?.receive(context);
  });
  for (const outcome of outcomeNames) {
    on(outcome, ({ connection, sender, delivery }) => {
      clients.get(connection)?.settle(sender, delivery, outcome);
    });
  }
}

const ignored = ["connection_error", "session_error", "sender_error", "receiver_error"];

function createContainer(log: (message: string) => void): Container {
  const container = rhea.create_container({ id: "service-bus" });
  const mechanisms = container.sasl_server_mechanisms as { enable_anonymous(): void };
  mechanisms.enable_anonymous();
  // A client that closes something with an error is not our failure.
  for (const event of ignored) container.on(event, () => undefined);
  for (const event of ["protocol_error", "error"]) {
    container.on(event, (error: unknown) => {
      log(`A connection failed: ${error instanceof Error ? String(error.stack) : String(error)}`);
    });
  }
  return container;
}

/** Keeps the sockets of those connections too that never became AMQP. */
function socketsOf(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return sockets;
}

/** @throws an error of the socket, such as EADDRINUSE, as it is */
export async function listen(options: ListenOptions, ports: ClientPorts): Promise<Listener> {
  const { host, port, log } = options;
  const clients = new Map<Connection, Client>();
  const container = createContainer(log);
  route(container, clients, ports);
  const server: Server = container.listen({
    ...{ host, port, max_frame_size: 65_536, tcp_no_delay: true },
    // A peek-lock delivery ends when the broker says so; see `ConsumerLink.settle`.
    sender_options: { autosettle: false, treat_modified_as_released: false },
    receiver_options: { autoaccept: false, credit_window: 1000 },
  } as Parameters<Container["listen"]>[0]);
  const sockets = socketsOf(server);
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve).once("error", reject);
  });
  const disconnectAll = (): void => {
    for (const connection of [...clients.keys()]) cut(connection);
    for (const socket of sockets) socket.destroy();
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
