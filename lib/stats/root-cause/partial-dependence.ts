/** Partial dependence: what boosted trees answer on average over rows when one column is held at a value.
 *
 *  Definition. PD_j(v) = mean over the rows of f(x with x_j = v), bin by bin of the column; here without its constant, so that
 *  its mean over the rows themselves is 0. Exact on all rows: a tree answers the same between two of its cuts of a column, so
 *  each row is asked once per piece and not once per bin.
 *  Reference: Friedman (2001). Matches sklearn.inspection.partial_dependence(method="brute", kind="average") less the mean.
 *  Degenerate input: no rows, or a column that no tree splits: all 0. Trees of the log loss add up as log-odds. */

import type { BinnedColumn, BoostedTrees, TreeNode } from "#lib/stats/boosted-trees.ts";

/** One list per column, one entry per bin. */
export const computePartialDependence = (
  { trees }: BoostedTrees,
  columns: readonly BinnedColumn[],
): number[][] => {
  const rowCount = columns[0]?.bins.length ?? 0;
  const dependence = columns.map(({ binCount }) => new Array<number>(binCount).fill(0));
  if (rowCount === 0) return dependence;
  for (const tree of trees) {
    for (const [column, cuts] of cutsOf(tree)) {
      const answers = dependence[column];
      if (answers === undefined) continue;
      const uppers = [...cuts].sort((a, b) => a - b);
      let from = 0;
      for (const upper of [...uppers, answers.length - 1]) {
        let sum = 0;
        for (let row = 0; row < rowCount; row += 1)
          sum += answerTree(tree, columns, row, column, from);
        for (let bin = from; bin <= upper; bin += 1)
          answers[bin] = (answers[bin] ?? 0) + sum / rowCount;
        from = upper + 1;
      }
    }
  }
  return dependence.map((answers, i) => centre(answers, columns[i]?.bins));
};

/** Which columns a tree splits, and at which bins. */
const cutsOf = (tree: TreeNode): Map<number, Set<number>> => {
  const found = new Map<number, Set<number>>();
  const visit = (node: TreeNode) => {
    if (node.kind === "leaf") return;
    const cuts = found.get(node.column) ?? new Set();
    found.set(node.column, cuts.add(node.bin));
    visit(node.left);
    visit(node.right);
  };
  visit(tree);
  return found;
};

const answerTree = (
  tree: TreeNode,
  columns: readonly BinnedColumn[],
  row: number,
  held: number,
  heldBin: number,
): number => {
  let node = tree;
  while (node.kind === "split") {
    const bin = node.column === held ? heldBin : (columns[node.column]?.bins[row] ?? 0);
    node = bin <= node.bin ? node.left : node.right;
  }
  return node.value;
};

const centre = (answers: readonly number[], bins: Uint8Array = new Uint8Array(0)): number[] => {
  let sum = 0;
  for (const bin of bins) sum += answers[bin] ?? 0;
  const mean = bins.length === 0 ? 0 : sum / bins.length;
  return answers.map((answer) => answer - mean);
};
