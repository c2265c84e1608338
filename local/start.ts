/**
 * `npm start`: the whole of Budstikke on this machine, until Ctrl-C. `npm start -- --fresh` forgets the data first.
 *
 * From the second start on, what was compiled is taken as it was: that is a quarter of the time until it is ready.
 */
import { enableCompileCache } from "node:module";
import { join } from "node:path";

const { directory } = enableCompileCache(join(import.meta.dirname, "../.local/compiled"));
// The threads have caches of their own, which are told by the environment.
if (directory !== undefined) process.env["NODE_COMPILE_CACHE"] ??= directory;

await import("./run.ts");
