/** A model of six features, rows of it, and a surrogate that was learned from some of them. */
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import { fitSurrogate } from "#lib/stats/root-cause/surrogate.ts";
import { normalFrom, seededRandom } from "#lib/stats/testing/random.ts";

export const numeric = (name: string, values: readonly (number | null)[]): JointColumn => ({
  name,
  kind: "numeric",
  values,
});

/** A model of six features of which the second follows the first and the last says nothing. */
export const rowsOf = (random: () => number, count: number, fault: (row: number[]) => number[]) => {
  const rows = Array.from({ length: count }, () => {
    const x = Array.from({ length: 6 }, () => normalFrom(random));
    x[1] = 0.6 * (x[0] ?? 0) + 0.8 * (x[1] ?? 0);
    return fault(x);
  });
  return Array.from({ length: 6 }, (_, j) =>
    numeric(
      `x${j}`,
      rows.map((row) => row[j] ?? 0),
    ),
  );
};
export const answerOf = (columns: readonly JointColumn[]) => {
  const at = (j: number, i: number) => Number(columns[j]?.values[i] ?? 0);
  return Float64Array.from(
    columns[0]?.values ?? [],
    (_: unknown, i: number) => 2 * at(0, i) + at(1, i) + 0.7 * at(2, i) + 0.5 * at(3, i) * at(4, i),
  );
};
export const same = (row: number[]) => row;
export const shift = (k: number, by: number) => (row: number[]) =>
  row.map((x, j) => (j === k ? x + by : x));

const learnOnce = async () => {
  const columns = rowsOf(seededRandom(19), 1_500, same);
  const surrogate = await fitSurrogate(columns, answerOf(columns));
  if (surrogate === null) throw new Error("nothing was learned");
  return { surrogate, reference: { columns, targets: answerOf(columns) } };
};
let taught: ReturnType<typeof learnOnce> | undefined;
/** One surrogate for all: to learn it takes longer than all that is asked of it. */
export const learn = () => {
  taught ??= learnOnce();
  return taught;
};
