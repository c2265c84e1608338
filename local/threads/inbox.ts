/** The thread of the inbox. */
import { systemClock } from "../clock.ts";
import { startInbox } from "../inbox/server.ts";
import { serve } from "./serve.ts";
import type { InboxFacts, InboxMessage, InboxThreadOptions } from "./servers.ts";

await serve<InboxThreadOptions, InboxFacts, InboxMessage>(async (options) => {
  const inbox = await startInbox({ ...options, clock: systemClock });
  return {
    facts: { url: inbox.url, acsConnectionString: inbox.acsConnectionString },
    hear: (targets) => {
      inbox.setReportTargets(targets);
    },
    stop: () => inbox.stop(),
  };
});
