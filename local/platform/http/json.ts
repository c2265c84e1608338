/** JSON of callers who do not agree on the case of its members. */

/** @returns the same value, the name of every member at every depth in lower case */
export function withLowerCaseNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLowerCaseNames);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toLowerCase(), withLowerCaseNames(member)]),
  );
}
