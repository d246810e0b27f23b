"""The work of bench/wide.ts done with numpy, pandas and scipy on some of its columns: the drift of every column, from raw values.

usage: wide.py <window file> <baseline file> <number of numeric columns> <number of categorical columns>
Rows are one byte (the count), the numbers as little-endian doubles, one byte, and the categories as bytes.
Prints a JSON with the CPU seconds; reading the files is not counted."""

import json
import sys
import time

import numpy as np
import pandas as pd
from scipy import stats

window_file, baseline_file, numeric_count, categorical_count = sys.argv[1:]
numeric_count, categorical_count = int(numeric_count), int(categorical_count)
row = np.dtype(
    [("a", "u1"), ("x", "<f8", (numeric_count,)), ("b", "u1"), ("c", "u1", (categorical_count,))]
)
window, baseline = np.fromfile(window_file, row), np.fromfile(baseline_file, row)
numbers = [
    (np.ascontiguousarray(baseline["x"][:, i]), np.ascontiguousarray(window["x"][:, i]))
    for i in range(numeric_count)
]
categories = [
    (pd.Series(baseline["c"][:, i]), pd.Series(window["c"][:, i])) for i in range(categorical_count)
]


def of_counts(reference, counted):
    p, q = reference / reference.sum(), counted / counted.sum()
    p1, q1 = np.maximum(p, 1e-4), np.maximum(q, 1e-4)
    m = (p + q) / 2
    return {
        "psi": float(np.sum((q1 - p1) * np.log(q1 / p1))),
        "kl": float(stats.entropy(q1, p1)),
        "js": float((stats.entropy(p, m) + stats.entropy(q, m)) / 2),
        "hellinger": float(np.sqrt(np.sum((np.sqrt(p) - np.sqrt(q)) ** 2) / 2)),
        "tv": float(np.abs(p - q).sum() / 2),
        "chi2": float(stats.chi2_contingency(np.stack([reference, counted])).pvalue),
    }


started = time.process_time()
answers = []
for before, after in numbers:
    edges = np.unique(np.quantile(before, np.linspace(0, 1, 21)))
    edges[0], edges[-1] = -np.inf, np.inf
    counts = [np.histogram(side, edges)[0].astype(float) for side in (before, after)]
    answers.append(
        of_counts(*counts)
        | {
            "ks": float(stats.ks_2samp(before, after, method="asymp").pvalue),
            "cvm": float(stats.cramervonmises_2samp(before, after, method="asymptotic").pvalue),
            "wasserstein": float(stats.wasserstein_distance(before, after)),
            "mean": float(after.mean() - before.mean()),
            "std": float(after.std() - before.std()),
        }
    )
for before, after in categories:
    table = pd.concat([before.value_counts(), after.value_counts()], axis=1).fillna(0).to_numpy()
    answers.append(of_counts(table[:, 0].astype(float), table[:, 1].astype(float)))
seconds = time.process_time() - started
print(json.dumps({"seconds": seconds, "columns": len(answers)}))
