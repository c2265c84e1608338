/** Events: what counts, checks and forgets. */
import topology from "../../infra/topology.json" with { type: "json" };
import type { Foundation } from "./foundation.ts";
import { createCosmosErasure } from "../events/adapters/cosmos-erasure.ts";
import { createCosmosProgressLedger } from "../events/adapters/cosmos-progress-ledger.ts";
import { createCosmosReconciliation } from "../events/adapters/cosmos-reconciliation.ts";
import type { EventsPorts } from "../events/register.ts";
import { measures } from "../platform/telemetry/metrics.ts";

type Upkeep = Pick<EventsPorts, "progress" | "erasure" | "reconciliation" | "measures">;

export function composeUpkeep({ documentsIn, clock }: Foundation): Upkeep {
  const documents = {
    events: documentsIn("events"),
    feeds: documentsIn("feeds"),
    ledgers: documentsIn("ledgers"),
    deliveries: documentsIn("deliveries"),
    parkedChanges: documentsIn("parkedChanges"),
  };
  return {
    measures,
    reconciliation: createCosmosReconciliation(documents),
    progress: createCosmosProgressLedger(documents.ledgers),
    erasure: createCosmosErasure({
      ...documents,
      retentionInSeconds: topology.containers.events.defaultTtl,
      clock,
    }),
  };
}
