/** Benjamini-Hochberg adjusted p-values of a family of tests.
 *
 *  Definition. With p(1) <= ... <= p(M), adjusted p(k) = min over j >= k of M p(j) / j, at most 1. Rejecting where it is
 *  <= q keeps the expected share of false findings at or below q; with no drift anywhere, the chance of any. Valid under
 *  independence and positive dependence. Reference: Benjamini and Hochberg (1995).
 *  Matches scipy.stats.false_discovery_control(ps).
 *  Degenerate input: no tests: none; a test that could not be made is no member of the family: leave it out. */
export const adjustPValues = (pValues: readonly number[]): number[] => {
  const count = pValues.length;
  const rising = pValues.map((pValue, index) => ({ pValue, index }));
  rising.sort((a, b) => a.pValue - b.pValue);
  const adjusted = new Array<number>(count).fill(1);
  let smallest = 1;
  for (let rank = count; rank >= 1; rank -= 1) {
    const { pValue, index } = rising[rank - 1] ?? { pValue: 1, index: 0 };
    smallest = Math.min(smallest, (count * pValue) / rank);
    adjusted[index] = smallest;
  }
  return adjusted;
};
