/** Benjamini-Hochberg adjusted p-values of a family of tests, which may have weights.
 *
 *  Definition. With p(1) <= ... <= p(M), adjusted p(k) = min over j >= k of M p(j) / j, at most 1. Rejecting where it is
 *  <= q keeps the expected share of false findings at or below q; with no drift anywhere, the chance of any. Valid under
 *  independence and positive dependence. Weights that were chosen beforehand are brought to the mean 1 and divide each p-value
 *  first; the promise stays the same. Reference: Benjamini and Hochberg (1995); Genovese, Roeder and Wasserman (2006).
 *  Matches scipy.stats.false_discovery_control(ps), and with weights the same of minimum(1, ps / weights).
 *  Degenerate input: no tests: none; a test that could not be made is no member of the family: leave it out. */
export const adjustPValues = (
  pValues: readonly number[],
  weights: readonly number[] = pValues.map(() => 1),
): number[] => {
  const count = pValues.length;
  const meanWeight = weights.reduce((sum, weight) => sum + weight, 0) / count;
  const rising = pValues.map((pValue, index) => ({
    pValue: Math.min(1, (pValue * meanWeight) / (weights[index] ?? 1)),
    index,
  }));
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

/** Of what is judged without a rule of its own. A family in which nothing changed alarms as often as this rate says. Not the customary
 *  0.05, since at most 5 % of model runs are promised to alarm: with exact p-values they would stand at that bound, and p-values of
 *  small samples are not exact (docs/operating-characteristics.md). */
export const FALSE_DISCOVERY_RATE = 0.04;
