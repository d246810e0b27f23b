import type { JointResult } from "#lib/domain/joint-result.ts";
import { noiseOf } from "#lib/stats/cells.ts";
import { domainRowsOf, testDomain } from "#lib/stats/multivariate/domain-classifier.ts";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import { pickRows, rowCountOf } from "#lib/stats/multivariate/joint-columns.ts";
import {
  fitReconstruction,
  reconstructionErrorOf,
} from "#lib/stats/multivariate/reconstruction-error.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";

const rowCountMin = 100;
/** A hundred classifiers are trained for one p-value: on more rows of a side that would be minutes. */
const domainRowsMax = 2_000;
const permutationCount = 99;
const treeCount = 30;
const significance = 0.05;
/** What a shift of one column by 0.05 standard deviations gives. */
const negligibleAuc = 0.5141;
const contributionsMax = 10;

export type ColumnsResult = Omit<JointResult, "embeddings">;

/** Whether the rows of a window are told from those of the baseline by all their columns together. */
export async function judgeJoint(
  baseline: readonly JointColumn[],
  window: readonly JointColumn[],
  tick: () => Promise<void> = async () => undefined,
): Promise<ColumnsResult> {
  const [n, m] = [rowCountOf(baseline), rowCountOf(window)];
  const shared = { baselineRowCount: n, windowRowCount: m, columnCount: baseline.length };
  const missing = lackOf(n, m, baseline.length);
  if (missing !== null)
    return {
      ...shared,
      verdict: "cannot_say",
      reason: missing,
      domain: null,
      reconstruction: null,
    };
  const reconstruction = judgeReconstruction(baseline, window);
  const rows = domainRowsOf(firstRows(baseline), firstRows(window));
  const tested =
    rows === null
      ? null
      : await testDomain(rows, seededRandom(1), { permutationCount, treeCount, tick });
  const domain =
    tested === null
      ? null
      : {
          auc: tested.auc,
          pValue: tested.pValue,
          permutationCount: tested.permutationCount,
          rowCount: Math.min(n, domainRowsMax) + Math.min(m, domainRowsMax),
          contributions: tested.contributions
            .filter(({ share }) => share > 0)
            .slice(0, contributionsMax)
            .map(({ name, share }) => ({ feature: name, share })),
        };
  return { ...shared, ...verdictOf(domain, reconstruction), domain, reconstruction };
}

function lackOf(n: number, m: number, columnCount: number): string | null {
  if (columnCount === 0) return "the model has no features";
  if (n < rowCountMin) return `${n} baseline rows, ${rowCountMin} needed`;
  if (m < rowCountMin) return `${m} rows in the window, ${rowCountMin} needed`;
  return null;
}

/** The rows came in the order of their hashed ids, so the first are a sample too. */
const firstRows = (columns: readonly JointColumn[]) =>
  pickRows(
    columns,
    Array.from({ length: Math.min(rowCountOf(columns), domainRowsMax) }, (_, i) => i),
  );

function judgeReconstruction(
  baseline: readonly JointColumn[],
  window: readonly JointColumn[],
): JointResult["reconstruction"] {
  const fitted = fitReconstruction(baseline);
  if (fitted === null) return null;
  const own = reconstructionErrorOf(fitted, baseline);
  const found = reconstructionErrorOf(fitted, window);
  if (own === null || found === null) return null;
  const noise = 3 * fitted.errorDeviation * Math.sqrt(noiseOf(own.rowCount, found.rowCount));
  return {
    value: found.value,
    standardError: found.standardError,
    lower: own.value - noise,
    upper: own.value + noise,
  };
}

function verdictOf(
  domain: JointResult["domain"],
  reconstruction: JointResult["reconstruction"],
): Pick<JointResult, "verdict" | "reason"> {
  if (domain === null) return { verdict: "cannot_say", reason: "no classifier could be trained" };
  const figures = `a classifier tells the rows apart with AUC ${domain.auc.toFixed(3)} (0.5 is not at all; p ${domain.pValue.toFixed(2)})`;
  const isFound = domain.pValue <= significance;
  if (isFound && domain.auc > negligibleAuc) return { verdict: "drift", reason: figures };
  const outside =
    reconstruction !== null &&
    (reconstruction.value < reconstruction.lower || reconstruction.value > reconstruction.upper);
  if (outside)
    return {
      verdict: "drift",
      reason: `the reconstruction error is ${reconstruction.value.toFixed(3)}, and noise leaves it between ${reconstruction.lower.toFixed(3)} and ${reconstruction.upper.toFixed(3)}; ${figures}`,
    };
  return {
    verdict: "no_drift",
    reason: `${isFound ? "real but negligible" : "within noise"}: ${figures}`,
  };
}
