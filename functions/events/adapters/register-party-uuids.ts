/** The register of parties, asked for the UUIDs of persons. */
import { z } from "zod";
import type { Clock } from "../../kernel/ports.ts";
import type { PartyUuids } from "../domain/national-id.ts";
import { BELIEF_IN_MS, MAX_BELIEFS, type RegisterCall, understood } from "./register-parties.ts";

const identifiersSchema = z.looseObject({
  data: z.array(z.looseObject({ partyUuid: z.string(), personIdentifier: z.string().nullish() })),
});

/** Parties that the register is asked for in one call. */
const MAX_PARTIES_AT_ONCE = 100;

export function createRegisterPartyUuids(post: RegisterCall, clock: Clock): PartyUuids {
  const uuids = new Map<string, { readonly uuid: string; readonly until: number }>();

  const rememberUuids = async (urns: readonly string[]): Promise<void> => {
    const answer = await post("v2/internal/parties/query?fields=identifiers", { data: urns });
    if (uuids.size + urns.length > MAX_BELIEFS) uuids.clear();
    const until = clock.now() + BELIEF_IN_MS;
    for (const { partyUuid, personIdentifier } of understood(identifiersSchema, answer).data) {
      uuids.set(`urn:altinn:person:identifier-no:${personIdentifier ?? ""}`, {
        uuid: partyUuid,
        until,
      });
    }
  };

  return {
    async findPartyUuids(urns) {
      const now = clock.now();
      const open = urns.filter((urn) => (uuids.get(urn)?.until ?? 0) <= now);
      for (let from = 0; from < open.length; from += MAX_PARTIES_AT_ONCE) {
        await rememberUuids(open.slice(from, from + MAX_PARTIES_AT_ONCE));
      }
      return new Map(
        urns.flatMap((urn) => {
          const known = uuids.get(urn);
          return known && known.until > now ? [[urn, known.uuid] as const] : [];
        }),
      );
    },
  };
}
