/** Pieces of SQL with the values of their question marks. */

export type SqlValue = string | number;

export interface Fragment {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export const fragment = (sql: string, ...values: readonly SqlValue[]): Fragment => ({
  sql,
  values,
});

export const NOTHING = fragment("FALSE");

export const allOf = (fragments: readonly Fragment[]): Fragment => ({
  sql: fragments.length === 0 ? "TRUE" : fragments.map(({ sql }) => sql).join(" AND "),
  values: fragments.flatMap(({ values }) => values),
});
