/** What the processing steps need of the platform: contact points, names, decisions, conditions. */

/** How a person can be reached. */
export interface PersonContact {
  readonly nationalIdentityNumber: string;
  readonly isReserved: boolean;
  /** As the register has them. */
  readonly emailAddress?: string;
  readonly mobileNumber?: string;
}

/** How somebody outside the registers can be reached. */
export interface ExternalContact {
  readonly externalIdentity: string;
  readonly name?: string;
  readonly emailAddress?: string;
  readonly mobileNumber?: string;
}

/** The official addresses of a business. */
export interface OrganizationContact {
  readonly organizationNumber: string;
  readonly partyId?: number;
  readonly emailAddresses: readonly string[];
  readonly mobileNumbers: readonly string[];
}

/** What one user wants to be told of one business. */
export interface UserContact {
  readonly userId: number;
  readonly emailAddress?: string;
  readonly mobileNumber?: string;
}

/** Users of a business who registered contact points of their own for it. */
export interface OrganizationUsers {
  readonly organizationNumber: string;
  readonly partyId: number;
  readonly users: readonly UserContact[];
}

/** Asks Profile. Every call throws {RetryLater} when it does not answer; who is not known is left out. */
export interface ContactRegister {
  persons(
    nationalIdentityNumbers: readonly string[],
    useStaleContactInformation: boolean,
  ): Promise<readonly PersonContact[]>;
  organizations(organizationNumbers: readonly string[]): Promise<readonly OrganizationContact[]>;
  /** @param resourceId slug without prefix */
  usersOf(
    organizationNumbers: readonly string[],
    resourceId: string,
  ): Promise<readonly OrganizationUsers[]>;
  externals(externalIdentities: readonly string[]): Promise<readonly ExternalContact[]>;
}

/** A name by the id of who bears it. */
export type Names = ReadonlyMap<string, string>;

/** Asks Register for names; who is not known is left out. Throws {RetryLater} when it does not answer. */
export interface NameRegister {
  names(
    nationalIdentityNumbers: readonly string[],
    organizationNumbers: readonly string[],
  ): Promise<Names>;
}

/** Asks the decision point which users may be told of a business's resource. */
export interface RecipientAuthorization {
  /**
   * Keeps, of each business, the users who are permitted.
   *
   * @throws {RetryLater} the decision point does not answer: that is never a "no"
   */
  permitted(
    resourceId: string,
    action: string,
    organizations: readonly OrganizationUsers[],
  ): Promise<readonly OrganizationUsers[]>;
}

/** What a condition end point said. */
export type ConditionAnswer = "met" | "not-met" | "inconclusive";

/** Asks a condition end point of an order's creator. */
export interface Conditions {
  /** Within ten seconds; guarded as any address that somebody outside chose. */
  ask(url: string): Promise<ConditionAnswer>;
}
