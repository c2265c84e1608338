/** Members that are there: for types that tell an absent member from one that is `undefined`. */

type Present<Members> = { [Name in keyof Members]?: Exclude<Members[Name], undefined> };

export const present = <Members extends object>(members: Members): Present<Members> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Present<Members>;
