/** Who has which roles and access packages for whom. */
import type { Fixture } from "../fixture/schema.ts";
import { clientsOf } from "./clients.ts";
import type { Party } from "./parties.ts";

export interface Rights {
  readonly roles: ReadonlySet<string>;
  readonly accessPackages: ReadonlySet<string>;
}

export interface RoleBook {
  /**
   * What a holder has for a party, through whatever he is a manager of too.
   *
   * @param holder national id, organisation number, external identity or system user id
   * @param of national id, organisation number or external identity
   */
  rightsOf(holder: string, of: string): Rights;
}

/** The manager's role: what his business may do, he may do. */
const MANAGER = "DAGL";

/** What everybody is to himself. */
const SELF = "SELF";

interface Grant {
  readonly holder: string;
  readonly roles: readonly string[];
  readonly accessPackages: readonly string[];
}

function grantsByParty(fixture: Fixture): ReadonlyMap<string, readonly Grant[]> {
  const grants = new Map<string, Grant[]>();
  const add = (of: string, grant: Grant): void => {
    const known = grants.get(of);
    if (known) known.push(grant);
    else grants.set(of, [grant]);
  };
  for (const { of, ...grant } of fixture.roles) add(of, grant);
  for (const rule of fixture.clients) {
    const grant = { holder: rule.professional, roles: rule.roles, accessPackages: [] };
    for (const client of clientsOf(rule)) add(client.organizationNumber, grant);
  }
  return grants;
}

/** Holder → the businesses in whose name he acts. */
function representedBy(fixture: Fixture): ReadonlyMap<string, readonly string[]> {
  const represented = new Map<string, string[]>();
  const add = (holder: string, business: string): void => {
    represented.set(holder, [...(represented.get(holder) ?? []), business]);
  };
  for (const { holder, of, roles } of fixture.roles) if (roles.includes(MANAGER)) add(holder, of);
  for (const [id, { owner }] of Object.entries(fixture.systemUsers)) add(id, owner);
  return represented;
}

export function createRoleBook(
  fixture: Fixture,
  find: (key: string) => Party | undefined,
): RoleBook {
  const grants = grantsByParty(fixture);
  const represented = representedBy(fixture);

  const mainUnitOf = (key: string): string | undefined => {
    const party = find(key);
    return party?.kind === "business" ? party.mainUnit : undefined;
  };

  return {
    rightsOf(holder, of) {
      const holders = new Set([holder, ...(represented.get(holder) ?? [])]);
      const mainUnit = mainUnitOf(of);
      const parties = mainUnit === undefined ? [of] : [of, mainUnit];
      const roles = new Set<string>();
      const accessPackages = new Set<string>();
      for (const party of parties) {
        if (holders.has(party)) roles.add(SELF);
        for (const grant of grants.get(party) ?? []) {
          if (!holders.has(grant.holder)) continue;
          for (const role of grant.roles) roles.add(role);
          for (const accessPackage of grant.accessPackages) accessPackages.add(accessPackage);
        }
      }
      return { roles, accessPackages };
    },
  };
}
