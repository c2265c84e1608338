/** Notifications, for whoever runs the service: adapters to ports. */
import type { Foundation } from "./foundation.ts";
import { createCosmosParkedItems } from "../notifications/adapters/cosmos-parked-items.ts";
import { createCosmosParkedOrderChanges } from "../notifications/adapters/cosmos-parked-order-changes.ts";
import { createCosmosStrayReports } from "../notifications/adapters/cosmos-stray-reports.ts";
import type { OperationsPorts } from "../notifications/register-operations.ts";
import { measures } from "../platform/telemetry/metrics.ts";
import { createDeadLetters } from "../platform/messaging/dead-letters.ts";

type Composed = Pick<
  OperationsPorts,
  "parkedChanges" | "parkedItems" | "strayDesk" | "deadLetters" | "measures"
>;

export const composeOperations = ({ config, messages, documentsIn }: Foundation): Composed => ({
  deadLetters: createDeadLetters(config.serviceBus, messages),
  measures,
  parkedChanges: createCosmosParkedOrderChanges(
    documentsIn("parkedChanges"),
    documentsIn("orders"),
  ),
  parkedItems: createCosmosParkedItems(documentsIn("orders")),
  strayDesk: createCosmosStrayReports(documentsIn("strayReports")),
});
