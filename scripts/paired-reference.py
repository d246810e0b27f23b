"""Writes lib/stats/reference/paired.json and fairness.json: rows and the answers of statsmodels, scipy, scikit-learn and fairlearn.

    pip install -r scripts/requirements-reference.txt
    python scripts/paired-reference.py

The answers come from the libraries, from printed tables, or from numpy by the definition; nothing here reads the product's
code. Inputs are made from integers, so that they are the same bits everywhere.
"""

import json
import math
import platform
from fractions import Fraction
from pathlib import Path

import fairlearn
import numpy as np
import pandas as pd
import scipy
import sklearn
import statsmodels
from fairlearn import metrics as fair
from scipy import optimize, stats
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

TARGET = Path(__file__).resolve().parent.parent / "lib" / "stats" / "reference"
Z = stats.norm.ppf(0.975)


def write(name, how, **content):
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__,
                "statsmodels": statsmodels.__version__, "fairlearn": fairlearn.__version__}
    lines = [f' "how": {json.dumps(how)}', f' "versions": {json.dumps(versions)}']
    for key, value in content.items():
        rows = ",\n".join("  " + json.dumps(row, allow_nan=False) for row in value)
        lines.append(f' "{key}": [\n{rows}\n ]')
    (TARGET / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{name}.json")


def noise(i, factor, modulus):
    return ((i * factor) % modulus + 0.5) / modulus


def mcnemar_cases():
    cases = []
    for b, c in [(0, 0), (0, 1), (1, 7), (5, 5), (12, 2), (0, 30), (130, 95), (1500, 1400), (20000, 20300), (3, 900)]:
        n, k = b + c, min(b, c)
        exact = float(mcnemar([[10, b], [c, 10]], exact=True).pvalue) if n > 0 else 1.0
        # Exact fractions where they are small enough.
        if n <= 3000:
            below = sum(Fraction(math.comb(n, j), 2**n) for j in range(k + 1))
            mid = float(2 * below - Fraction(math.comb(n, k), 2**n))
        else:
            mid = float(2 * stats.binom.cdf(k, n, 0.5) - stats.binom.pmf(k, n, 0.5))
        cases.append({"onlyFirst": b, "onlySecond": c, "exact": exact, "mid": mid})
    return cases


def wilson(count, total):
    ci = stats.binomtest(count, total).proportion_ci(0.95, method="wilson")
    return float(ci.low), float(ci.high)


def newcombe_paired(a, b, c, d):
    """Of q - p, p = (a + b)/n the first's share and q = (a + c)/n the second's: Newcombe (1998b), method 10."""
    n = a + b + c + d
    p, q = (a + b) / n, (a + c) / n
    lp, up = wilson(a + b, n)
    lq, uq = wilson(a + c, n)
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    product = a * d - b * c
    shrunk = max(0, product - n / 2) if product > 0 else product
    phi = 0 if margins == 0 else shrunk / math.sqrt(margins)
    low = (q - p) - math.sqrt((q - lq) ** 2 - 2 * phi * (q - lq) * (up - p) + (up - p) ** 2)
    high = (q - p) + math.sqrt((uq - q) ** 2 - 2 * phi * (uq - q) * (p - lp) + (p - lp) ** 2)
    return low, high


def share_cases():
    cases = []
    for a, b, c, d in [(36, 12, 2, 0), (1, 1, 7, 12), (20, 0, 0, 0), (0, 0, 0, 15), (10, 0, 0, 10), (0, 10, 10, 0), (400, 60, 45, 120), (30, 2, 9, 4), (9000, 300, 250, 450)]:
        low, high = newcombe_paired(a, b, c, d)
        cases.append({"counts": [a, b, c, d], "low": low, "high": high})
    return cases


def pairs_of(count, lift):
    """Scores of two models for the same rows, of which the second is closer to the truth by `lift`."""
    truth = [noise(i, 7919, 1009) for i in range(count)]
    label = [int(noise(i, 7907, 1013) < t) for i, t in enumerate(truth)]
    first = [min(1.0, max(0.0, round(0.5 * t + 0.5 * noise(i, 6661, 997), 3))) for i, t in enumerate(truth)]
    second = [min(1.0, max(0.0, round((0.5 + lift) * t + (0.5 - lift) * noise(i, 5477, 991), 3))) for i, t in enumerate(truth)]
    return first, second, label


def delong(scores, label):
    """Placements over every pair of a positive and a negative."""
    scores, label = np.array(scores), np.array(label)
    positive, negative = scores[label == 1], scores[label == 0]
    psi = (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])
    return psi.mean(axis=1), psi.mean(axis=0)


def numeric_variance(function, counts):
    counts = np.array(counts, dtype=float)
    gradient = []
    for i in range(len(counts)):
        step = np.zeros(len(counts))
        step[i] = 1e-4
        gradient.append((function(counts + step) - function(counts - step)) / 2e-4)
    gradient = np.array(gradient)
    n = counts.sum()
    return float(np.sum(counts * gradient**2) - np.sum(counts * gradient) ** 2 / n)


def binary_cases():
    cases = []
    for name, count, lift in [("a better second", 600, 0.2), ("no difference to speak of", 300, 0.0), ("few rows", 40, 0.1), ("ties", 400, 0.15)]:
        first, second, label = pairs_of(count, lift)
        if name == "ties":
            first, second = [round(s, 1) for s in first], [round(s, 1) for s in second]
        y, s1, s2 = np.array(label), np.array(first), np.array(second)
        d1, d2 = (s1 >= 0.5).astype(int), (s2 >= 0.5).astype(int)
        v10a, v01a = delong(first, label)
        v10b, v01b = delong(second, label)
        auc = [float(metrics.roc_auc_score(y, s)) for s in (s1, s2)]
        variance = np.var(v10b - v10a, ddof=1) / len(v10a) + np.var(v01b - v01a, ddof=1) / len(v01a)
        expected = {"roc_auc": {"first": auc[0], "second": auc[1], "low": auc[1] - auc[0] - Z * math.sqrt(variance),
                                "high": auc[1] - auc[0] + Z * math.sqrt(variance), "p": float(2 * stats.norm.sf(abs(auc[1] - auc[0]) / math.sqrt(variance)))}}
        for metric, rows in (("accuracy", y >= 0), ("recall", y == 1), ("specificity", y == 0)):
            r1, r2 = (d1 == y)[rows], (d2 == y)[rows]
            table = [int(np.sum(r1 & r2)), int(np.sum(r1 & ~r2)), int(np.sum(~r1 & r2)), int(np.sum(~r1 & ~r2))]
            low, high = newcombe_paired(*table)
            k, n = min(table[1], table[2]), table[1] + table[2]
            expected[metric] = {"first": float(r1.mean()), "second": float(r2.mean()), "low": low, "high": high,
                                "p": float(2 * stats.binom.cdf(k, n, 0.5) - stats.binom.pmf(k, n, 0.5)),
                                "exact": float(mcnemar([[table[0], table[1]], [table[2], table[3]]], exact=True).pvalue)}
        eps = 2.220446049250313e-16
        losses = {"brier": lambda s: (s - y) ** 2, "log_loss": lambda s: -np.log(np.clip(np.where(y == 1, s, 1 - s), eps, 1 - eps))}
        for metric, loss in losses.items():
            test = stats.ttest_rel(loss(s2), loss(s1))
            ci = test.confidence_interval(0.95)
            expected[metric] = {"first": float(loss(s1).mean()), "second": float(loss(s2).mean()), "low": float(ci.low), "high": float(ci.high), "p": float(test.pvalue)}
        assert abs(expected["brier"]["first"] - metrics.brier_score_loss(y, s1)) < 1e-12
        kinds = [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
        counts = [int(np.sum((d1 == a) & (d2 == b) & (y == c))) for a, b, c in kinds]

        def of(counts, side, metric):
            tp = sum(n for n, kind in zip(counts, kinds) if kind[side] == 1 and kind[2] == 1)
            fp = sum(n for n, kind in zip(counts, kinds) if kind[side] == 1 and kind[2] == 0)
            fn = sum(n for n, kind in zip(counts, kinds) if kind[side] == 0 and kind[2] == 1)
            return tp / (tp + fp) if metric == "precision" else 2 * tp / (2 * tp + fp + fn)

        library = {"precision": metrics.precision_score, "f1": metrics.f1_score}
        for metric in ("precision", "f1"):
            values = [float(library[metric](y, d)) for d in (d1, d2)]
            error = math.sqrt(numeric_variance(lambda c: of(c, 1, metric) - of(c, 0, metric), counts))
            difference = values[1] - values[0]
            expected[metric] = {"first": values[0], "second": values[1], "low": difference - Z * error, "high": difference + Z * error,
                                "p": float(2 * stats.norm.sf(abs(difference) / error))}
        names = list(expected)
        holm = multipletests([expected[m]["p"] for m in names], method="holm")[1]
        for metric, adjusted in zip(names, holm):
            expected[metric]["holm"] = float(adjusted)
        cases.append({"name": name, "first": first, "second": second, "label": label, "expected": expected,
                      "kappa": float(metrics.cohen_kappa_score(d1, d2)), "agreed": int(np.sum(d1 == d2))})
    return cases


def regression_cases():
    cases = []
    for name, count, scale in [("a better second", 500, 0.7), ("no difference to speak of", 250, 1.0), ("few rows", 12, 0.9)]:
        label = [round(10 * noise(i, 7919, 1009), 3) for i in range(count)]
        first = [round(v + 4 * (noise(i, 6661, 997) - 0.5), 3) for i, v in enumerate(label)]
        second = [round(v + scale * (2 * (noise(i, 6661, 997) - 0.5) + 2 * (noise(i, 5477, 991) - 0.5)), 3) for i, v in enumerate(label)]
        y, p1, p2 = np.array(label), np.array(first), np.array(second)
        e1, e2 = p1 - y, p2 - y
        mae = stats.ttest_rel(np.abs(e2), np.abs(e1))
        ci = mae.confidence_interval(0.95)
        squared = stats.ttest_rel(e2**2, e1**2)
        r1, r2 = [float(metrics.root_mean_squared_error(y, p)) for p in (p1, p2)]
        slopes = e2**2 / (2 * r2) - e1**2 / (2 * r1)
        error = float(np.std(slopes, ddof=1) / math.sqrt(count))
        random = np.random.default_rng(7)
        draws = []
        for _ in range(3000):
            rows = random.integers(0, count, count)
            draws.append(math.sqrt(np.mean(e2[rows] ** 2)) - math.sqrt(np.mean(e1[rows] ** 2)))
        cases.append({"name": name, "label": label, "first": first, "second": second, "rmseBootstrapError": float(np.std(draws, ddof=1)), "expected": {
            "mae": {"first": float(metrics.mean_absolute_error(y, p1)), "second": float(metrics.mean_absolute_error(y, p2)), "low": float(ci.low), "high": float(ci.high), "p": float(mae.pvalue)},
            "rmse": {"first": r1, "second": r2, "low": r2 - r1 - Z * error, "high": r2 - r1 + Z * error, "p": float(squared.pvalue)}},
            "quantiles": [float(q) for q in np.quantile(p2 - p1, [0.05, 0.25, 0.5, 0.75, 0.95], method="inverted_cdf")]})
    return cases


def measure_ranking(rels, k=10):
    """Of one group; NDCG by scikit-learn, the rest by the definition."""
    rels = np.array(rels, dtype=float)
    hits = rels > 0
    top = hits[:k]
    ranks = np.arange(1, len(top) + 1)
    ndcg = 1.0 if len(rels) == 1 else float(metrics.ndcg_score([rels], [-np.arange(len(rels), dtype=float)], k=k))
    return {"ndcg@10": ndcg, "map@10": float(np.sum(np.cumsum(top) / ranks * top) / hits.sum()),
            "mrr@10": float(1 / (np.argmax(top) + 1)) if top.any() else 0.0, "hit_rate@10": float(top.any()), "recall@10": float(top.sum() / hits.sum())}


def ranking_cases():
    cases = []
    for name, count, size, wanted, skill in [("a better second", 120, 30, 9, 3.0), ("no difference to speak of", 80, 25, 5, 1.0), ("one relevant item each", 40, 24, 24, 2.0)]:
        first, second = [], []
        for g in range(count):
            rel = [int((i * 31 + g * 17) % wanted == 0) * (1 + (i + g) % 3) for i in range(size)]
            order = lambda weight, factor: sorted(range(size), key=lambda i: (-(weight * (rel[i] > 0) + 4 * noise((i + 1) * (g * g + 3), factor, 1009)), i))
            first.append([rel[i] for i in order(1.0, 7919)])
            second.append([rel[i] for i in order(skill, 6661)])
        told = [(measure_ranking(a), measure_ranking(b)) for a, b in zip(first, second) if any(a)]
        expected = {}
        for metric in ["ndcg@10", "map@10", "mrr@10", "recall@10"]:
            a, b = (np.array([pair[side][metric] for pair in told]) for side in (0, 1))
            test = stats.ttest_rel(b, a)
            ci = test.confidence_interval(0.95)
            expected[metric] = {"first": float(a.mean()), "second": float(b.mean()), "low": float(ci.low), "high": float(ci.high), "p": float(test.pvalue)}
        a, b = (np.array([pair[side]["hit_rate@10"] > 0 for pair in told]) for side in (0, 1))
        both, only_first, only_second = int((a & b).sum()), int((a & ~b).sum()), int((~a & b).sum())
        low, high = newcombe_paired(both, only_first, only_second, len(told) - both - only_first - only_second)
        n, k = only_first + only_second, min(only_first, only_second)
        expected["hit_rate@10"] = {"first": float(a.mean()), "second": float(b.mean()), "low": low, "high": high,
                                   "p": float(min(1.0, 2 * stats.binom.cdf(k, n, 0.5) - stats.binom.pmf(k, n, 0.5))) if n else 1.0,
                                   "exact": float(mcnemar([[10, only_first], [only_second, 10]], exact=True).pvalue) if n else 1.0}
        names = list(expected)
        for one, p in zip(names, multipletests([expected[m]["p"] for m in names], method="holm")[1]):
            expected[one]["holm"] = float(p)
        cases.append({"name": name, "first": first, "second": second, "expected": expected})
    return cases


def unpaired_cases():
    cases = []
    for (a, m), (b, n) in [((56, 70), (48, 80)), ((300, 1000), (250, 1000)), ((5, 56), (0, 29))]:
        low, high = confint_proportions_2indep(b, n, a, m, method="newcomb", compare="diff")
        cases.append({"first": [a, m], "second": [b, n], "low": float(low), "high": float(high)})
    return cases


def ratio_interval(x, m, y, n):
    """The ratios t for which the square-and-add interval of p - t q holds 0, found by root search."""
    p, q = x / m, y / n
    (lp, up), (lq, uq) = wilson(x, m), wilson(y, n)
    lowest = lambda t: (p - t * q) - math.sqrt((p - lp) ** 2 + (t * (uq - q)) ** 2)
    highest = lambda t: (p - t * q) + math.sqrt((up - p) ** 2 + (t * (q - lq)) ** 2)
    top = optimize.brentq(highest, p / q, 1e6, xtol=1e-14, rtol=1e-14)
    bottom = 0.0 if p == 0 else optimize.brentq(lowest, 0, p / q, xtol=1e-15, rtol=1e-14)
    return bottom, top


def ratio_cases():
    cases = []
    for x, m, y, n in [(30, 100, 60, 120), (0, 40, 20, 50), (48, 80, 56, 70), (500, 1000, 400, 1000), (3, 12, 9, 10), (70, 70, 60, 80)]:
        low, high = ratio_interval(x, m, y, n)
        cases.append({"group": [x, m], "reference": [y, n], "low": low, "high": high})
    return cases


def fairness_cases():
    cases = []
    for name, count, groups, gap in [("three groups", 900, ["a", "b", "c"], 0.15), ("two groups alike", 500, ["x", "y"], 0.0), ("four groups of unlike sizes", 1200, ["p", "q", "q", "q", "r", "s", "s"], 0.08)]:
        group = [groups[(i * 5) % len(groups)] for i in range(count)]
        shift = {g: gap * k for k, g in enumerate(sorted(set(groups)))}
        label = [int(noise(i, 7907, 1013) < 0.4) for i in range(count)]
        decision = [int(noise(i, 6661, 997) < (0.65 if l else 0.25) - shift[g]) for i, (g, l) in enumerate(zip(group, label))]
        y, d, g = np.array(label), np.array(decision), pd.Series(group)
        frame = fair.MetricFrame(metrics={"selection_rate": fair.selection_rate, "true_positive_rate": fair.true_positive_rate, "false_positive_rate": fair.false_positive_rate,
                                          "precision": metrics.precision_score, "accuracy": metrics.accuracy_score}, y_true=y, y_pred=d, sensitive_features=g)
        rates = {metric: {key: float(value) for key, value in column.items()} for metric, column in frame.by_group.to_dict().items()}
        tables = {key: [int(np.sum((g == key) & (d == a) & (y == b))) for a, b in ((1, 1), (1, 0), (0, 1), (0, 0))] for key in sorted(set(group))}
        cases.append({"name": name, "tables": [{"group": key, "counts": table} for key, table in tables.items()], "rates": rates, "summary": {
            "demographicParityDifference": float(fair.demographic_parity_difference(y, d, sensitive_features=g)),
            "demographicParityRatio": float(fair.demographic_parity_ratio(y, d, sensitive_features=g)),
            "equalOpportunityDifference": float(fair.equal_opportunity_difference(y, d, sensitive_features=g)),
            "equalizedOddsDifference": float(fair.equalized_odds_difference(y, d, sensitive_features=g)),
            "falsePositiveRateDifference": float(frame.difference()["false_positive_rate"]),
            "predictiveParityDifference": float(frame.difference()["precision"]),
            "accuracyDifference": float(frame.difference()["accuracy"])}})
    return cases


def main():
    # What is printed must come out, or what is written here is worth nothing: Fagerland, Lydersen and Laake (2014), airway
    # hyper-responsiveness before and after transplantation, -0.507 to -0.026; McNemar exact 0.070 and mid-p 0.039.
    low, high = newcombe_paired(1, 7, 1, 12)
    assert (round(low, 3), round(high, 3)) == (-0.507, -0.026), (low, high)
    write("paired", "statsmodels mcnemar, multipletests(holm), confint_proportions_2indep(newcomb); scipy ttest_rel, binom; sklearn.metrics; numpy by the definition (Newcombe's paired interval, DeLong over every pair, delta method by numeric derivatives)",
          mcnemar=mcnemar_cases(), shares=share_cases(), binary=binary_cases(), regression=regression_cases(), ranking=ranking_cases(), unpaired=unpaired_cases())
    write("fairness", "fairlearn.metrics; scipy.optimize.brentq over Wilson bounds of scipy.stats.binomtest for ratios", cases=fairness_cases(), ratios=ratio_cases())


main()
