/** Notifications, for whoever runs the service: what was set aside, erasure, timers by hand. Read top to bottom. */
import type { app as functionApp, HttpHandler, HttpMethod } from "@azure/functions";
import type { OrderStore } from "./domain/ports.ts";
import { erasePersonHttp, type ErasePersonHttpPorts } from "./triggers/erase-person.http.ts";
import {
  listDeadLettersHttp,
  type OperateDeadLettersPorts,
  redriveDeadLettersHttp,
} from "./triggers/operate-dead-letters.http.ts";
import {
  listParkedHttp,
  listStraysHttp,
  type OperateParkedPorts,
  redriveParkedHttp,
  redriveStraysHttp,
} from "./triggers/operate-parked.http.ts";
import { reconcileOrdersTimer } from "./triggers/reconcile-orders.timer.ts";
import { retryParkedChangesTimer } from "./triggers/retry-parked-changes.timer.ts";
import {
  deleteOldEntriesHttp,
  releaseNowHttp,
  type RunTimersPorts,
  terminateExpiredHttp,
  testConditionHttp,
} from "./triggers/run-timers.http.ts";
import type { ReconcileOrdersPorts } from "./use-cases/reconcile-orders.ts";
import type { RetryParkedChangesPorts } from "./use-cases/retry-parked-changes.ts";

type App = typeof functionApp;

/** Everything that operations need. */
export interface OperationsPorts
  extends
    ErasePersonHttpPorts,
    OperateDeadLettersPorts,
    OperateParkedPorts,
    ReconcileOrdersPorts,
    RetryParkedChangesPorts,
    RunTimersPorts {
  readonly orders: OrderStore;
}

const BASE = "notifications/api/v1";

type Register = (name: string, method: HttpMethod, route: string, handler: HttpHandler) => void;

function registerDesk(http: Register, ports: OperationsPorts): void {
  http("ListParked", "GET", "operations/parked", listParkedHttp(ports));
  http("RedriveParked", "POST", "operations/parked/redrive", redriveParkedHttp(ports));
  http("ListStrayReports", "GET", "operations/stray-reports", listStraysHttp(ports));
  http("RedriveStrayReports", "POST", "operations/stray-reports/redrive", redriveStraysHttp(ports));
  http("ListDeadLetters", "GET", "operations/dead-letters", listDeadLettersHttp(ports));
  http(
    "RedriveDeadLetters",
    "POST",
    "operations/dead-letters/redrive",
    redriveDeadLettersHttp(ports),
  );
  http("ErasePerson", "DELETE", "persons", erasePersonHttp(ports));
}

/** The reference's cron calls them; here timers do the work, and this is for operators. */
function registerTriggers(http: Register, ports: OperationsPorts): void {
  const release = releaseNowHttp(ports);
  http("TriggerPastDueOrders", "POST", "trigger/pastdueorders", release);
  http("TriggerSendEmail", "POST", "trigger/sendemail", release);
  http("TriggerSendSms", "POST", "trigger/sendsms", release);
  http("TriggerSendSmsDaytime", "POST", "trigger/sendsmsdaytime", release);
  http("TriggerSendSmsAnytime", "POST", "trigger/sendsmsanytime", release);
  http(
    "TriggerTerminateExpired",
    "POST",
    "trigger/terminateexpirednotifications",
    terminateExpiredHttp(ports),
  );
  http(
    "TriggerDeleteOldEntries",
    "POST",
    "trigger/deleteoldstatusfeedrecords",
    deleteOldEntriesHttp(ports),
  );
  http("TestCondition", "GET", "tests/sendcondition", testConditionHttp(ports));
}

export function registerOperations(app: App, ports: OperationsPorts): void {
  const http: Register = (name, method, route, handler) => {
    app.http(name, {
      methods: [method],
      authLevel: "anonymous",
      handler,
      route: `${BASE}/${route}`,
    });
  };
  registerDesk(http, ports);
  registerTriggers(http, ports);
  app.timer("RetryParkedOrderChanges", {
    schedule: "15 */10 * * * *",
    handler: retryParkedChangesTimer(ports),
  });
  app.timer("ReconcileOrders", {
    schedule: "30 */10 * * * *",
    handler: reconcileOrdersTimer(ports),
  });
}
