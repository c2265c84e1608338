/** The thread of the platform's stand-in. */
import { systemClock } from "../clock.ts";
import { startPlatform } from "../platform/server.ts";
import { serve } from "./serve.ts";
import type { PlatformFacts, PlatformThreadOptions } from "./servers.ts";

await serve<PlatformThreadOptions, PlatformFacts>(async (options) => {
  const platform = await startPlatform({ ...options, clock: systemClock });
  return {
    facts: { url: platform.url, platformTokenKey: platform.platformTokenKey },
    stop: () => platform.stop(),
  };
});
