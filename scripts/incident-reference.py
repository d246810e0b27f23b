"""Writes lib/stats/reference/level-shift.json: where scipy's analysis of variance finds the largest F, and how sure that is.

    pip install -r scripts/requirements-reference.txt
    python scripts/incident-reference.py

The answers come from the libraries alone; nothing here reads the product's code. Run it again after adding a case, and
commit the JSON with the case.
"""

import importlib.util
from pathlib import Path

import numpy as np
from scipy import stats

spec = importlib.util.spec_from_file_location("reference", Path(__file__).with_name("stats-reference.py"))
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)


def level_shift():
    rng = np.random.default_rng(41)
    series = {
        "a clear shift": np.r_[rng.normal(0.1, 0.02, 40), rng.normal(0.4, 0.05, 8)],
        "a small shift": np.r_[rng.normal(0, 1, 60), rng.normal(1, 1, 40)],
        "no shift": rng.normal(5, 1, 30),
        "far from 0": 1e9 + np.r_[rng.normal(0, 1, 20), rng.normal(3, 1, 20)],
        "downwards, late": np.r_[rng.normal(0.9, 0.01, 100), rng.normal(0.85, 0.01, 3)],
        "four points": np.array([1.0, 1.2, 3.0, 3.1]),
        "an outlier": np.r_[rng.normal(0, 1, 25), 15, rng.normal(0, 1, 25)],
    }
    cases = []
    for name, values in series.items():
        n = len(values)
        splits = np.arange(2, n - 1)
        f = np.array([stats.f_oneway(values[:k], values[k:]).statistic for k in splits])
        best = int(np.argmax(f))
        log_weights = (n - 2) / 2 * np.log1p(f / (n - 2))
        weights = np.exp(log_weights - log_weights.max())
        share = weights / weights.sum()
        # Outwards from the best, the heavier neighbour first, until 95 % are held.
        low = high = best
        held = share[best]
        while held < 0.95:
            left = share[low - 1] if low > 0 else -1
            right = share[high + 1] if high < len(share) - 1 else -1
            if left >= right:
                low -= 1
                held += left
            else:
                high += 1
                held += right
        cases.append({"name": name, "values": values.tolist(), "index": int(splits[best]), "statistic": float(f[best]),
                      "from": int(splits[low]), "until": int(splits[high]),
                      "before": float(values[:splits[best]].mean()), "after": float(values[splits[best]:].mean())})
    reference.write("level-shift", "scipy.stats.f_oneway", cases=cases)


if __name__ == "__main__":
    level_shift()
