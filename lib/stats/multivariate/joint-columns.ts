/** Joint columns: rows of several columns as what the multivariate statistics read. A number that is missing is null; so is
 *  NaN or an infinity. Categories are text. All columns of a table have one length. */

export type JointColumn =
  | { readonly name: string; readonly kind: "numeric"; readonly values: readonly (number | null)[] }
  | {
      readonly name: string;
      readonly kind: "categorical";
      readonly values: readonly (string | null)[];
    };

export const rowCountOf = (columns: readonly JointColumn[]): number =>
  columns[0]?.values.length ?? 0;

export const pickRows = (
  columns: readonly JointColumn[],
  rows: readonly number[],
): readonly JointColumn[] =>
  columns.map((column) =>
    column.kind === "numeric"
      ? { ...column, values: rows.map((row) => column.values[row] ?? null) }
      : { ...column, values: rows.map((row) => column.values[row] ?? null) },
  );
