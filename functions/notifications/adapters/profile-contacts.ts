/** Profile: how people, businesses and their users can be reached. */
import { z } from "zod";
import { derivedKey } from "../../kernel/derived-id.ts";
import type { Clock } from "../../kernel/ports.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";
import type { PlatformClient } from "../../platform/net/platform-client.ts";
import type {
  ContactRegister,
  ExternalContact,
  OrganizationUsers,
} from "../domain/contact-ports.ts";
import { understood } from "./platform-answers.ts";

export interface ProfileOptions {
  /** Without a slash at the end. */
  readonly url: string;
}

/** A correction that somebody makes in the register counts after so long. */
const BELIEF_IN_MS = 5000;

const text = z.string().nullish();
const listOf = <Point extends z.ZodType>(point: Point) =>
  z.looseObject({ contactPointsList: z.array(point) });

const personsSchema = listOf(
  z.looseObject({
    nationalIdentityNumber: z.string(),
    isReserved: z.boolean().nullish(),
    mobileNumber: text,
    email: text,
  }),
);
const organizationsSchema = listOf(
  z.looseObject({
    organizationNumber: z.string(),
    partyId: z.number().nullish(),
    mobileNumberList: z.array(text).nullish(),
    emailList: z.array(text).nullish(),
  }),
);
const userSchema = z.looseObject({ userId: z.number(), email: text, mobileNumber: text });
const usersSchema = listOf(
  z.looseObject({
    organizationNumber: z.string(),
    partyId: z.number(),
    userContactPoints: z.array(userSchema).nullish(),
  }),
);
const externalsSchema = listOf(
  z.looseObject({ externalIdentity: z.string(), name: text, mobileNumber: text, email: text }),
);

interface Point {
  readonly email?: string | null | undefined;
  readonly mobileNumber?: string | null | undefined;
}

const addressesOf = ({ email, mobileNumber }: Point) => ({
  ...(email && { emailAddress: email }),
  ...(mobileNumber && { mobileNumber }),
});

const present = (texts: readonly (string | null | undefined)[] | null | undefined) =>
  (texts ?? []).filter((it) => it !== null && it !== undefined && it.trim() !== "") as string[];

const toUsers = (
  entry: z.infer<typeof usersSchema>["contactPointsList"][number],
): OrganizationUsers => ({
  organizationNumber: entry.organizationNumber,
  partyId: entry.partyId,
  users: (entry.userContactPoints ?? []).map((user) => ({
    userId: user.userId,
    ...addressesOf(user),
  })),
});

/** Some write identities in other letters than they were asked for: they are matched regardless of case. */
function toExternals(
  asked: readonly string[],
  { contactPointsList }: z.infer<typeof externalsSchema>,
): readonly ExternalContact[] {
  const byLowerCase = new Map(asked.map((identity) => [identity.toLowerCase(), identity]));
  return contactPointsList.map(({ externalIdentity, name, ...point }) => ({
    externalIdentity: byLowerCase.get(externalIdentity.toLowerCase()) ?? externalIdentity,
    ...(name && { name }),
    ...addressesOf(point),
  }));
}

export function createProfileContacts(
  call: PlatformClient,
  options: ProfileOptions,
  clock: Clock,
): ContactRegister {
  const remember = createBriefMemory<unknown>(clock, BELIEF_IN_MS);

  const post = <Body>(path: string, body: object, schema: z.ZodType<Body>): Promise<Body> =>
    remember(derivedKey(path, JSON.stringify(body)), async () => {
      const answer = await call({ method: "POST", url: `${options.url}/${path}`, body });
      return understood("profile", schema, answer);
    }) as Promise<Body>;

  return {
    async persons(nationalIdentityNumbers, useStaleContactInfo) {
      const body = { nationalIdentityNumbers, useStaleContactInfo };
      const answer = await post("users/contactpoint/lookup", body, personsSchema);
      return answer.contactPointsList.map((it) => ({
        nationalIdentityNumber: it.nationalIdentityNumber,
        isReserved: it.isReserved ?? false,
        ...addressesOf(it),
      }));
    },
    async organizations(organizationNumbers) {
      const path = "organizations/notificationaddresses/lookup";
      const answer = await post(path, { organizationNumbers }, organizationsSchema);
      return answer.contactPointsList.map((it) => ({
        organizationNumber: it.organizationNumber,
        ...(it.partyId && { partyId: it.partyId }),
        emailAddresses: present(it.emailList),
        mobileNumbers: present(it.mobileNumberList),
      }));
    },
    async usersOf(organizationNumbers, resourceId) {
      const body = { organizationNumbers, resourceId };
      const answer = await post("units/contactpoint/lookup", body, usersSchema);
      return answer.contactPointsList.map(toUsers);
    },
    async externals(externalIdentities) {
      const path = "users/contactpoint/lookupsi";
      const answer = await post(path, { externalIdentities }, externalsSchema);
      return toExternals(externalIdentities, answer);
    },
  };
}
