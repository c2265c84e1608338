/** Events: what counts, checks and forgets. */
import topology from "../infra/topology.json" with { type: "json" };
import type { Foundation } from "./composition.ts";
import { createCosmosErasure } from "./events/adapters/cosmos-erasure.ts";
import { createCosmosProgressLedger } from "./events/adapters/cosmos-progress-ledger.ts";
import type { EventsPorts } from "./events/register.ts";

export function composeUpkeep({
  documentsIn,
  clock,
}: Foundation): Pick<EventsPorts, "progress" | "erasure"> {
  return {
    progress: createCosmosProgressLedger(documentsIn("ledgers")),
    erasure: createCosmosErasure({
      events: documentsIn("events"),
      feeds: documentsIn("feeds"),
      deliveries: documentsIn("deliveries"),
      parkedChanges: documentsIn("parkedChanges"),
      retentionInSeconds: topology.containers.events.defaultTtl,
      clock,
    }),
  };
}
