/** The caller of a request as the subject of a question to the decision point. */
import type { Attribute } from "./decision.ts";

/** Claims of a verified token. */
export type Claims = Readonly<Record<string, unknown>>;

/** Who asks for something, as the tokens say. */
export interface EventCaller {
  readonly claims: Claims;
  readonly scopes: ReadonlySet<string>;
  /** `/org/ttd`, `/user/1` …; absent when the token names nobody. */
  readonly entity?: string;
  /** What the same caller was called before its token named an org: `/organisation/991825827`. */
  readonly formerEntity?: string;
  readonly systemUser?: string;
  readonly authenticationLevel: number;
  readonly isOrg: boolean;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) || undefined : undefined;

const attribute = (attributeId: string, value: string): Attribute => ({
  attributeId,
  value,
  dataType: "string",
});

/** Claims that identify, best first: exactly one of them is sent. */
const identities = [
  "urn:altinn:person:uuid",
  "urn:altinn:userid",
  "urn:altinn:partyid",
  "urn:altinn:resource",
] as const;

const organisationAttributes = (number: string): readonly Attribute[] => [
  attribute("urn:altinn:organizationnumber", number),
  attribute("urn:altinn:organization:identifier-no", number),
];

/** `{"authority":"iso6523-actorid-upis","ID":"0192:991825827"}` */
const consumerNumber = (claims: Claims): string | undefined => {
  const { consumer } = claims as { consumer?: { ID?: unknown } | null };
  return /^0192:(\d{9})$/.exec(text(consumer?.ID) ?? "")?.[1];
};

function identityOf({ claims, systemUser }: EventCaller): readonly Attribute[] {
  for (const name of identities) {
    const value = text(claims[name]);
    if (value) return [attribute(name, value)];
  }
  if (systemUser) return [attribute("urn:altinn:systemuser:uuid", systemUser)];
  const number = text(claims["urn:altinn:orgNumber"]) ?? consumerNumber(claims);
  return number ? organisationAttributes(number) : [];
}

const special = new Set<string>([...identities, "urn:altinn:orgNumber", "urn:altinn:scope"]);

/** The subject attributes of a caller: its scope, its session, what else the token says of it, and one identity. */
export function callerAttributes(caller: EventCaller): readonly Attribute[] {
  const identity = identityOf(caller);
  if (identity[0]?.attributeId === "urn:altinn:systemuser:uuid") return identity;
  const { claims } = caller;
  const scope = text(claims["scope"]);
  const session = text(claims["sid"]) ?? text(claims["jti"]);
  const further = Object.entries(claims).flatMap(([name, claimed]) => {
    const value = name.startsWith("urn:") && !special.has(name) ? text(claimed) : undefined;
    return value ? [attribute(name, value)] : [];
  });
  return [
    ...(scope ? [attribute("urn:scope", scope)] : []),
    ...(session ? [attribute("urn:altinn:sessionid", session)] : []),
    ...further,
    ...identity,
  ];
}
