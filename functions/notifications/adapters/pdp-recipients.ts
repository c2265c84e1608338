/** The decision point: which users of a business may be told of a resource. XACML 3.0 in JSON, many questions in one call. */
import { z } from "zod";
import { derivedKey } from "../../kernel/derived-id.ts";
import type { Clock } from "../../kernel/ports.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";
import type { PlatformClient } from "../../platform/net/platform-client.ts";
import type { OrganizationUsers, RecipientAuthorization } from "../domain/contact-ports.ts";
import { understood } from "./platform-answers.ts";

export interface PdpOptions {
  /** Without a slash at the end. */
  readonly url: string;
  readonly subscriptionKey: string;
}

/** Questions in one call (NO-D50). */
const MAX_PAIRS = 500;

/** A delegation that is taken back counts after so long. */
const BELIEF_IN_MS = 5000;

const ACTION_ID = "urn:oasis:names:tc:xacml:1.0:action:action-id";
const PARTY_ID = "urn:altinn:partyid";
const USER_ID = "urn:altinn:userid";

/** One user and one business. */
interface Pair {
  readonly partyId: number;
  readonly userId: number;
}

const attribute = (attributeId: string, value: string, includeInResult = false) => ({
  attributeId,
  value,
  issuer: "Altinn",
  dataType: "string",
  includeInResult,
});

/** `app_{org}_{app}`: the name of an app may hold underscores itself, that of its owner not (NO-D31). */
const appResource = /^app_([^_]+)_(.+)$/s;

const resourceAttributes = (slug: string) => {
  const [, org, app] = appResource.exec(slug) ?? [];
  return org !== undefined && app !== undefined
    ? [attribute("urn:altinn:org", org), attribute("urn:altinn:app", app)]
    : [attribute("urn:altinn:resource", slug)];
};

const distinct = (numbers: readonly number[]): readonly number[] => [...new Set(numbers)];

function toRequest(slug: string, action: string, pairs: readonly Pair[]): object {
  const resource = resourceAttributes(slug);
  return {
    request: {
      returnPolicyIdList: false,
      combinedDecision: false,
      accessSubject: distinct(pairs.map(({ userId }) => userId)).map((userId) => ({
        id: `subject${userId}`,
        attribute: [attribute(USER_ID, String(userId), true)],
      })),
      action: [{ id: "action", attribute: [attribute(ACTION_ID, action)] }],
      resource: distinct(pairs.map(({ partyId }) => partyId)).map((partyId) => ({
        id: `resource${partyId}`,
        attribute: [...resource, attribute(PARTY_ID, String(partyId), true)],
      })),
      multiRequests: {
        requestReference: pairs.map(({ partyId, userId }) => ({
          referenceId: [`subject${userId}`, "action", `resource${partyId}`],
        })),
      },
    },
  };
}

/** Members are written in either case by different installations: they are read in lower case. */
const withLowerCaseNames = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withLowerCaseNames);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toLowerCase(), withLowerCaseNames(member)]),
  );
};

const categorySchema = z.looseObject({
  attribute: z
    .array(z.looseObject({ attributeid: z.string(), value: z.union([z.string(), z.number()]) }))
    .nullish(),
});
const answerSchema = z.preprocess(
  withLowerCaseNames,
  z.looseObject({
    response: z.array(
      z.looseObject({ decision: z.string(), category: z.array(categorySchema).nullish() }),
    ),
  }),
);

type Result = z.infer<typeof answerSchema>["response"][number];

const keyOf = ({ partyId, userId }: Pair): string => `${partyId} ${userId}`;

/** The pair that a permit names; anything else than a permit names none. */
function permittedPair({ decision, category }: Result): string | undefined {
  if (decision !== "Permit") return undefined;
  const attributes = (category ?? []).flatMap((it) => it.attribute ?? []);
  const valueOf = (id: string) => Number(attributes.find((it) => it.attributeid === id)?.value);
  return keyOf({ partyId: valueOf(PARTY_ID), userId: valueOf(USER_ID) });
}

const pairsOf = (organizations: readonly OrganizationUsers[]): readonly Pair[] => {
  const pairs = organizations.flatMap(({ partyId, users }) =>
    users.map(({ userId }) => ({ partyId, userId })),
  );
  return [...new Map(pairs.map((pair) => [keyOf(pair), pair])).values()];
};

export function createPdpRecipients(
  call: PlatformClient,
  options: PdpOptions,
  clock: Clock,
): RecipientAuthorization {
  const remember = createBriefMemory<readonly string[]>(clock, BELIEF_IN_MS);

  const ask = (request: object): Promise<readonly string[]> =>
    // The key is everything that is asked, the party included.
    remember(derivedKey(JSON.stringify(request)), async () => {
      const answer = await call({
        method: "POST",
        url: `${options.url}/decision`,
        headers: { "ocp-apim-subscription-key": options.subscriptionKey },
        body: request,
      });
      const { response } = understood("authorization", answerSchema, answer);
      return response.flatMap((result) => permittedPair(result) ?? []);
    });

  return {
    async permitted(slug, action, organizations) {
      const pairs = pairsOf(organizations);
      const batches: Promise<readonly string[]>[] = [];
      for (let from = 0; from < pairs.length; from += MAX_PAIRS) {
        batches.push(ask(toRequest(slug, action, pairs.slice(from, from + MAX_PAIRS))));
      }
      const permitted = new Set((await Promise.all(batches)).flat());
      return organizations.map((organization) => {
        const { partyId, users } = organization;
        const kept = users.filter(({ userId }) => permitted.has(keyOf({ partyId, userId })));
        return { ...organization, users: kept };
      });
    },
  };
}
