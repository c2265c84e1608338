/** Who a notification is for: a person, a business, somebody outside both registers, or just an address. */

/** At most one of the ids; addresses only when the creator gave them. */
export interface Recipient {
  readonly nationalIdentityNumber?: string;
  readonly organizationNumber?: string;
  /** URN, exactly as received. */
  readonly externalIdentity?: string;
  /** Normal form. */
  readonly emailAddress?: string;
  /** E.164. */
  readonly mobileNumber?: string;
  /** What Profile said when the order was processed. */
  readonly isReserved?: boolean;
}

/** The id by which registers know a recipient; `undefined` for a bare address. */
export const registerIdOf = (recipient: Recipient): string | undefined =>
  recipient.nationalIdentityNumber ?? recipient.organizationNumber ?? recipient.externalIdentity;
