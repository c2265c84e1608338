/** Which chain a request stands for: the same creator, type and idempotency id always name the same one. */
import { derivedUuid } from "../../kernel/derived-id.ts";
import type { ChainType } from "./order.ts";
import { chainIdOf } from "./shipment-id.ts";

/** The chain that a creator's idempotency id stands for; the same every time. */
export const chainIdFor = (creator: string, type: ChainType, idempotencyId: string): string =>
  chainIdOf(derivedUuid("chain", creator, type, idempotencyId.replaceAll("\0", "\\0")));
