/** Figures as lines `name value unit ratio`, or as JSON. A ratio compares with the baseline of the same run. */

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Value divided by the baseline's value; absent where there is nothing to compare with. */
  readonly ratio?: number;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** @param baseline the same measure taken of the baseline server */
export const figure = (name: string, value: number, unit: string, baseline?: number): Figure => ({
  name,
  value: rounded(value),
  unit,
  ...(baseline !== undefined && baseline > 0 && { ratio: rounded(value / baseline) }),
});

export const toLine = ({ name, value, unit, ratio }: Figure): string =>
  [name, value, unit, ratio ?? "-"].join(" ");
