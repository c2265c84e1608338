/** The register of parties. */
import { z } from "zod";
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock } from "../../kernel/ports.ts";
import type { PlatformAnswer, PlatformClient } from "../../platform/net/platform-client.ts";
import type { MainUnit, Parties } from "../domain/ports.ts";

export interface RegisterOptions {
  readonly url: string;
  readonly subscriptionKey: string;
  /** Our own platform access token. */
  readonly token: () => Promise<string>;
}

const partySchema = z.looseObject({ partyId: z.number() });
const mainUnitsSchema = z.looseObject({
  data: z.array(z.looseObject({ externalUrn: z.string().nullish(), partyId: z.number() })),
});

/** Which business belongs to which changes seldom. */
export const BELIEF_IN_MS = 60_000;
export const MAX_BELIEFS = 20_000;

/** @throws {RetryLater} it is not what was asked for */
export const understood = <Body>(schema: z.ZodType<Body>, answer: PlatformAnswer): Body => {
  const parsed = answer.status === 200 ? schema.safeParse(answer.body) : undefined;
  if (parsed?.success) return parsed.data;
  throw new RetryLater(5, `Register answers ${answer.status} with something else than asked for`);
};

export type RegisterCall = (path: string, body: object) => Promise<PlatformAnswer>;

/** Calls the register as ourselves. */
export const createRegisterCall =
  (call: PlatformClient, options: RegisterOptions): RegisterCall =>
  async (path, body) =>
    call({
      method: "POST",
      url: `${options.url}/${path}`,
      headers: {
        platformaccesstoken: await options.token(),
        "ocp-apim-subscription-key": options.subscriptionKey,
      },
      body,
    });

export function createRegisterParties(post: RegisterCall, clock: Clock): Parties {
  const mainUnits = new Map<
    string,
    { readonly unit: MainUnit | undefined; readonly until: number }
  >();

  const askMainUnit = async (urn: string): Promise<MainUnit | undefined> => {
    const answer = await post("v2/internal/parties/main-units", { data: urn });
    const [unit] = understood(mainUnitsSchema, answer).data;
    return unit && { urn: unit.externalUrn ?? "", partyId: unit.partyId };
  };

  return {
    async findPartyId(by) {
      const answer = await post("v1/parties/lookup", by);
      if (answer.status === 404) return undefined;
      return understood(partySchema, answer).partyId;
    },
    async findMainUnit(urn) {
      const known = mainUnits.get(urn);
      if (known && clock.now() < known.until) return known.unit;
      const unit = await askMainUnit(urn);
      if (mainUnits.size >= MAX_BELIEFS) mainUnits.clear();
      mainUnits.set(urn, { unit, until: clock.now() + BELIEF_IN_MS });
      return unit;
    },
  };
}
