/** Runs a local Cosmos DB in a process of its own, for tests that kill it. */
import { argv } from "node:process";
import { systemClock } from "../clock.ts";
import { startCosmos } from "./server.ts";

const cosmos = await startCosmos({ file: argv[2] ?? ":memory:", port: 0, clock: systemClock });
process.send?.(cosmos.endpoint);
