/** Events: adapters to ports. */
import type { Foundation } from "./composition.ts";
import type { EventsPorts } from "./events/register.ts";

export function composeEvents({ tokens, logger, clock }: Foundation): EventsPorts {
  return { tokens, logger, clock };
}
