import { countBaselineValues, countWindowValues } from "#db/clickhouse/queries/value-counts.ts";
import { renderLiteralSql } from "#db/clickhouse/render-literal-sql.ts";
import type { DriftMeasure } from "#lib/domain/health.ts";
import type { RawKey, RawSource } from "./read-raw-side.ts";
import { rawRowsMax } from "./read-raw-side.ts";

/** The statement that counts the values of both sides, with its parameters written out: it runs as it is. */
export function renderSql(
  workspaceId: string,
  key: RawKey,
  reference: RawSource,
  window: RawSource,
): string {
  const side = (name: string, source: RawSource) => {
    const asked = { ...key, ...source };
    const counted =
      source.kind === "baseline" ? countBaselineValues(asked) : countWindowValues(asked);
    const { kind: _kind, ...place } = source;
    const params = { ...place, ...key, workspaceId, valuesMax: rawRowsMax };
    return `SELECT '${name}' AS side, * FROM (\n${renderLiteralSql(counted, params)})`;
  };
  return `${side("reference", reference)}\nUNION ALL\n${side("window", window)}`;
}

const head = `import numpy as np, pandas as pd; from scipy import stats; from scipy.spatial.distance import jensenshannon
t = pd.read_csv("values.csv", float_precision="round_trip", keep_default_na=False, na_values=["\\\\N"])  # what the SQL answers, FORMAT CSVWithNames`;

const rowsOf = (column: "number" | "name") =>
  `x, y = (np.repeat(s["${column}"].to_numpy(), s.occurrences) for s in (t[t.side == "reference"].dropna(subset="${column}"), t[t.side == "window"].dropna(subset="${column}")))`;

/** Shares of a and b, with half a row more in every cell where either has an empty one. */
const smoothed = `k = (a + b > 0); h = 0.5 * ((a[k] == 0) | (b[k] == 0)).any(); p, q = ((c[k] + h) / (c[k] + h).sum() for c in (a, b))`;

type Cells =
  | { kind: "cuts"; cuts: readonly number[] }
  | { kind: "names"; names: readonly string[] };

/** Python that repeats the number from the values and how often each occurs. */
export function renderPython(measure: DriftMeasure, cells: Cells | null): string {
  const order = orderLines[measure];
  if (order !== undefined && cells?.kind !== "names")
    return [head, rowsOf("number"), order].join("\n");
  const counted = cells === null ? "" : countLine(cells);
  const [before, value] = cellLines[measure] ?? ["", ""];
  const column = cells?.kind === "names" ? "name" : "number";
  return [head, rowsOf(column), counted, before, `print(${value})`]
    .filter((line) => line !== "")
    .join("\n");
}

function countLine(cells: Cells): string {
  if (cells.kind === "cuts") {
    const cuts = ["-np.inf", ...cells.cuts.map(String), "np.inf"].join(", ");
    return `a, b = (np.histogram(v, [${cuts}])[0] for v in (x, y))`;
  }
  if (cells.names.length === 0)
    return `a, b = pd.crosstab(np.r_[x, y], np.r_[np.zeros(len(x)), np.ones(len(y))]).to_numpy().T`;
  const names = JSON.stringify(cells.names);
  return `names = ${names}; new = set(y) - set(x); a, b = (np.array([(v == n).sum() for n in names] + [sum(w not in names and w not in new for w in v), sum(w in new for w in v)]) for v in (x, y))`;
}

const orderLines: Partial<Record<DriftMeasure, string>> = {
  kolmogorov_smirnov: "print(stats.ks_2samp(x, y).statistic)",
  wasserstein: "print(stats.wasserstein_distance(x, y))",
  wasserstein_normed: "print(stats.wasserstein_distance(x, y) / np.std(x))",
  energy: "print(stats.energy_distance(x, y))",
  // Ties are broken at random on average, where scipy takes midranks.
  cramer_von_mises: `z, n, m = np.unique(np.r_[x, y]), len(x), len(y); a, b = (np.searchsorted(np.sort(v), z, "right") - np.searchsorted(np.sort(v), z) for v in (x, y)); A, B = np.cumsum(a) - a, np.cumsum(b) - b
print((a * ((B + b / 2) ** 2 + b * (b + 2) / 12)).sum() / m / (n + m) + (b * ((A + a / 2) ** 2 + a * (a + 2) / 12)).sum() / n / (n + m) - (4 * n * m - 1) / (6 * (n + m)))`,
  mean_change: "print(y.mean() - x.mean())",
};

const table = "np.array([a, b])[:, a + b > 0]";
const cellLines: Partial<Record<DriftMeasure, readonly [before: string, value: string]>> = {
  psi: [smoothed, "stats.entropy(p, q) + stats.entropy(q, p)"],
  kullback_leibler: [smoothed, "stats.entropy(p, q)"],
  jensen_shannon: ["", "jensenshannon(a, b, base=2)"],
  hellinger: ["", "np.linalg.norm(np.sqrt(a / a.sum()) - np.sqrt(b / b.sum())) / np.sqrt(2)"],
  total_variation: ["", "np.abs(a / a.sum() - b / b.sum()).sum() / 2"],
  l_infinity: ["", "np.abs(a / a.sum() - b / b.sum()).max()"],
  chi_squared: ["", `stats.chi2_contingency(${table}, correction=False).statistic`],
  g_test: [
    "",
    `stats.chi2_contingency(${table}, correction=False, lambda_="log-likelihood").statistic`,
  ],
  cramers_v: ["", `stats.contingency.association(${table}, method="cramer")`],
  cramers_v_corrected: [
    `n, k = a.sum() + b.sum(), (a + b > 0).sum(); f = max(0, stats.chi2_contingency(${table}, correction=False).statistic / n - (k - 1) / (n - 1))`,
    "np.sqrt(f / min(k - (k - 1) ** 2 / (n - 1) - 1, 1 - 1 / (n - 1)))",
  ],
};
