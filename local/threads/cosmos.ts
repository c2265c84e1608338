/** The thread of Cosmos DB. */
import { systemClock } from "../clock.ts";
import { startCosmos } from "../cosmos/server.ts";
import { serve } from "./serve.ts";
import type { StoreFacts, StoreOptions } from "./servers.ts";

await serve<StoreOptions, StoreFacts>(async ({ file, port }) => {
  const cosmos = await startCosmos({ file, port, clock: systemClock });
  const connectionString = `AccountEndpoint=${cosmos.endpoint};AccountKey=${cosmos.key};`;
  return { facts: { connectionString }, stop: () => cosmos.stop() };
});
