/** Holm's adjusted p-values of a family of tests: the chance of any false finding at all stays at or below the level.
 *
 *  Definition. With p(1) <= ... <= p(M), adjusted p(k) = max over j <= k of (M - j + 1) p(j), at most 1. Valid under any
 *  dependence, as between metrics of the same rows. Reference: Holm (1979).
 *  Matches statsmodels' multipletests(ps, method="holm").
 *  Degenerate input: no tests: none. */
export const adjustPValuesHolm = (pValues: readonly number[]): number[] => {
  const count = pValues.length;
  const rising = pValues
    .map((pValue, index) => ({ pValue, index }))
    .sort((a, b) => a.pValue - b.pValue);
  const adjusted = new Array<number>(count).fill(1);
  let largest = 0;
  rising.forEach(({ pValue, index }, rank) => {
    largest = Math.max(largest, Math.min(1, (count - rank) * pValue));
    adjusted[index] = largest;
  });
  return adjusted;
};
