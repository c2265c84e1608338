/** One request of a client: do it, commit, answer. The place where faults strike. */
import type { Clock } from "../../clock.ts";
import type { Broker } from "../broker/broker.ts";
import { BrokerFailure } from "../broker/failure.ts";
import type { Fault, FaultPlan, FaultPoint } from "../faults.ts";
import type { Connection } from "./rhea.ts";

export interface ExchangePorts {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly faults: FaultPlan;
}

export interface Request<Result> {
  readonly connection: Connection;
  /** What a fault may name; requests without it never fail on purpose. */
  readonly point?: FaultPoint;
  readonly queue: string;
  readonly run: () => Result;
  readonly succeed: (result: Result) => void;
  readonly fail: (error: unknown) => void;
}

export const cut = (connection: Connection): void => {
  connection.abort_socket(connection.socket);
};

function perform<Result>(
  { broker }: ExchangePorts,
  request: Request<Result>,
  fault: Fault | undefined,
): void {
  let result: Result;
  try {
    result = request.run();
  } catch (error) {
    request.fail(error);
    return;
  }
  broker.afterCommit((failure) => {
    if (failure) request.fail(failure);
    else if (fault?.effect === "lose-answer") cut(request.connection);
    else request.succeed(result);
  });
}

/** Exactly one of the request's `succeed` and `fail` is called, unless the connection is lost. */
export function exchange<Result>(ports: ExchangePorts, request: Request<Result>): void {
  const fault = request.point && ports.faults.next(request.point, request.queue);
  switch (fault?.effect) {
    case "refuse":
      request.fail(new BrokerFailure("server-busy", "The server is busy: a fault was asked for."));
      return;
    case "lose-request":
      cut(request.connection);
      return;
    case "delay":
      ports.clock.schedule(fault.delayInMs ?? 1000, () => {
        perform(ports, request, fault);
      });
      return;
    case "lose-answer":
    case undefined:
      perform(ports, request, fault);
  }
}
