/** Register: the names of people and businesses, for texts that address them. */
import { z } from "zod";
import { derivedKey } from "../../kernel/derived-id.ts";
import type { Clock } from "../../kernel/ports.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";
import type { PlatformClient } from "../../platform/net/platform-client.ts";
import type { NameRegister, Names } from "../domain/contact-ports.ts";
import { understood } from "./platform-answers.ts";

export interface RegisterOptions {
  /** Without a slash at the end. */
  readonly url: string;
  readonly subscriptionKey: string;
  /** Our own platform access token. */
  readonly token: () => Promise<string>;
}

/** Names change seldom. */
const BELIEF_IN_MS = 30_000;

const namesSchema = z.looseObject({
  partyNames: z.array(
    z.looseObject({
      name: z.string().nullish(),
      orgNo: z.string().nullish(),
      ssn: z.string().nullish(),
    }),
  ),
});

const toNames = ({ partyNames }: z.infer<typeof namesSchema>): Names =>
  new Map(
    partyNames.flatMap(({ name, orgNo, ssn }) => {
      const id = ssn ?? orgNo;
      return id ? [[id, name ?? ""] as const] : [];
    }),
  );

export function createRegisterNames(
  call: PlatformClient,
  options: RegisterOptions,
  clock: Clock,
): NameRegister {
  const remember = createBriefMemory<Names>(clock, BELIEF_IN_MS);

  const ask = async (body: object): Promise<Names> => {
    const answer = await call({
      method: "POST",
      url: `${options.url}/v1/parties/nameslookup`,
      headers: {
        platformaccesstoken: await options.token(),
        "ocp-apim-subscription-key": options.subscriptionKey,
      },
      body,
    });
    return toNames(understood("register", namesSchema, answer));
  };

  return {
    names(nationalIdentityNumbers, organizationNumbers) {
      const body = {
        organizationNumbers,
        socialSecurityNumbers: nationalIdentityNumbers,
        parties: [
          ...organizationNumbers.map((orgNo) => ({ orgNo })),
          ...nationalIdentityNumbers.map((ssn) => ({ ssn })),
        ],
      };
      return remember(derivedKey(JSON.stringify(body)), () => ask(body));
    },
  };
}
