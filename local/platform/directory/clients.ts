/** Businesses made by rule: valid organisation numbers and party ids in a row. */
import type { ClientsRule } from "../fixture/schema.ts";

export interface Client {
  readonly organizationNumber: string;
  readonly partyId: number;
  readonly name: string;
}

const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2] as const;

/**
 * The ninth digit, by modulus 11; none for the eleventh of the numbers that have no valid digit.
 *
 * @see https://www.brreg.no/om-oss/registrene-vare/om-enhetsregisteret/organisasjonsnummeret/
 */
export function checkDigitOf(eightDigits: string): number | undefined {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(eightDigits[at]), 0);
  const digit = (11 - (sum % 11)) % 11;
  return digit === 10 ? undefined : digit;
}

/** The clients of a rule, in order. */
export function* clientsOf(rule: ClientsRule): Generator<Client> {
  let base = Number(rule.firstOrganizationNumber.slice(0, 8));
  for (let made = 0; made < rule.count; base++) {
    const eightDigits = String(base).padStart(8, "0");
    const digit = checkDigitOf(eightDigits);
    if (digit === undefined) continue;
    yield {
      organizationNumber: `${eightDigits}${digit}`,
      partyId: rule.firstPartyId + made,
      name: rule.name.replace("{n}", String(made + 1)),
    };
    made++;
  }
}
