/** McNemar's test: whether two models that judged the same rows are right equally often, by the rows that only one got right.
 *
 *  Definition. With b rows that only the first got right and c that only the second did, under the null hypothesis b is
 *  binomial(b + c, 1/2). Exact: min(1, 2 P(X <= min(b, c))). Mid-p: the same less P(X = min(b, c)), which errs as often as it
 *  says and is not as timid as the exact one. Reference: McNemar (1947); Fagerland, Lydersen and Laake (2013).
 *  Matches statsmodels' mcnemar(table, exact=True) and, for mid-p, 2 * binom.cdf(k, n, 0.5) - binom.pmf(k, n, 0.5).
 *  Degenerate input: no discordant row: both p-values are 1. */

import { regularizedBeta } from "#lib/stats/regularized-beta.ts";
import { logFactorial } from "#lib/stats/regularized-gamma.ts";

export type McnemarTest = { readonly exactPValue: number; readonly midPValue: number };

export const computeMcnemar = (onlyFirst: number, onlySecond: number): McnemarTest => {
  const n = onlyFirst + onlySecond;
  if (n === 0) return { exactPValue: 1, midPValue: 1 };
  const k = Math.min(onlyFirst, onlySecond);
  const { lower } = regularizedBeta(n - k, k + 1, { x: 0.5, y: 0.5 });
  const pointMass = Math.exp(
    logFactorial(n) - logFactorial(k) - logFactorial(n - k) - n * Math.LN2,
  );
  return {
    exactPValue: Math.min(1, 2 * lower),
    midPValue: Math.min(1, Math.max(0, 2 * lower - pointMass)),
  };
};
