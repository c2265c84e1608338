/** What is wrong with a request, gathered: all of it is told at once. */

/** By member, as the reference spells it: `Recipient.RecipientSms.Settings.Body`. */
export type Errors = Readonly<Record<string, readonly string[]>>;

export interface Findings {
  add(key: string, message: string): void;
  readonly errors: Errors;
}

export function createFindings(): Findings {
  const errors: Record<string, string[]> = {};
  return {
    errors,
    add(key, message) {
      (errors[key] ??= []).push(message);
    },
  };
}

export const isClean = ({ errors }: Findings): boolean => Object.keys(errors).length === 0;

/** The key of a member. */
export const within = (key: string, member: string): string =>
  key === "" ? member : `${key}.${member}`;
