"""Writes lib/stats/reference/skew.json: what scipy, numpy and Python itself answer for training-serving skew.

    python scripts/skew-reference.py

Nothing here reads the product's code. Beside intervals and tests there are pairs of values that numpy or the standard
library turned by a named transformation: the truth is what was planted.
"""

import json
import math
import platform
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import scipy
from scipy import stats

TARGET = Path(__file__).resolve().parent.parent / "lib" / "stats" / "reference" / "skew.json"

RATES = [(0, 1), (1, 1), (0, 100), (1, 100), (2, 100), (100, 100), (12, 12_480), (524, 12_480), (40, 100_000),
         (130, 100_000), (999, 1_000_000), (1_100, 1_000_000), (102_000, 100_000_000), (99_000, 100_000_000)]
FLOOR = 0.001


def rate_case(k, n):
    interval = stats.binomtest(k, n).proportion_ci(confidence_level=0.95, method="wilson")
    test = stats.binomtest(k, n, FLOOR, alternative="greater")
    return {"differing": k, "compared": n, "floor": FLOOR, "lower": interval.low, "upper": interval.high,
            "p_value": float(stats.binom.sf(k - 1, n, FLOOR)) if k > 0 else 1.0, "binomtest": test.pvalue}


ROUNDED = [0.125, 0.375, -0.125, 2.5, 3.5, 1.005, 2.675, 1.12345, 1.12456, 1e-9, 0.5, 1.5, 123456.5, -7.5, 1e21, 0.045]

NUMBERS = [0.0, 1.0, 1.0 + 1e-10, 1.0 + 1e-8, -1.0, 1e300, 1e300 * (1 + 2e-9), 728.0, 728.0000001, 5e-324, 0.1 + 0.2, 0.3]
TOLERANCES = [(0.0, 1e-9), (1e-6, 0.0), (0.0, 0.0), (0.5, 1e-3)]


def onset_case(name, series):
    """Every split tried, with scipy's own binomial likelihoods and chi-squared tail."""
    def fit(part):
        k, n = sum(d for d, _ in part), sum(c for _, c in part)
        return sum(stats.binom.logpmf(d, c, k / n) for d, c in part)

    best, where = 0.0, None
    for split in range(1, len(series)):
        before, after = series[:split], series[split:]
        rates = [sum(d for d, _ in part) / sum(c for _, c in part) for part in (before, after)]
        ratio = 2 * (fit(before) + fit(after) - fit(series))
        if rates[1] > rates[0] and ratio > best:
            best, where = ratio, split
    p = 1.0 if where is None else min(1.0, (len(series) - 1) * float(stats.chi2.sf(best, 1)))
    return {"name": name, "series": series, "split": where, "p_value": p}


def planted():
    rng = np.random.default_rng(20261128)
    x = rng.lognormal(5, 1, 100)
    at = [datetime(2026, 3, 1, tzinfo=timezone.utc) + timedelta(minutes=int(m)) for m in rng.integers(0, 60_000, 100)]
    towns = [["Atlanta", "Boston", "El Paso"][i] for i in rng.integers(0, 3, 100)]
    tokyo = ZoneInfo("Asia/Tokyo")
    relabel = {"Atlanta": "ATL", "Boston": "BOS", "El Paso": "ELP"}
    noise = rng.normal(0, 1, 100)

    def pairs(offline, served):
        return [[a, b] for a, b in zip(offline, served) if a != b]

    floats = lambda values: [float(v) for v in values]
    epoch = [t.timestamp() for t in at]
    return [
        {"name": "miles to kilometres", "kind": "scale", "share": 1.0, "value": 1.609344,
         "pairs": pairs(floats(x), floats(x * 1.609344))},
        {"name": "a factor of its own", "kind": "scale", "share": 1.0, "value": 1.37, "pairs": pairs(floats(x), floats(x * 1.37))},
        {"name": "a sign turned", "kind": "scale", "share": 1.0, "value": -1, "pairs": pairs(floats(x), floats(-x))},
        {"name": "miles to whole kilometres", "kind": "scale", "share": 0.9, "value": 1.609344,
         "pairs": pairs(floats(np.round(x)), floats(np.round(np.round(x) * 1.609344)))},
        {"name": "scaled where seven of ten are", "kind": "scale", "share": 0.69, "value": 1000,
         "pairs": pairs(floats(x), floats(np.where(np.arange(100) % 10 < 7, x * 1000, x + 50 * noise)))},
        {"name": "shifted", "kind": "offset", "share": 1.0, "value": -273.15, "pairs": pairs(floats(x), floats(x - 273.15))},
        {"name": "rounded", "kind": "rounding", "share": 1.0, "value": 1, "pairs": pairs(floats(x), floats(np.round(x, 1)))},
        {"name": "rounded to tens", "kind": "rounding", "share": 1.0, "value": -1, "pairs": pairs(floats(x), floats(np.round(x, -1)))},
        {"name": "truncated", "kind": "truncation", "share": 1.0, "value": 0, "pairs": pairs(floats(x), floats(np.trunc(x)))},
        {"name": "a 32-bit float", "kind": "float32", "share": 1.0, "value": None,
         "pairs": pairs(floats(x), floats(x.astype(np.float32)))},
        {"name": "seconds in Tokyo's clock", "kind": "time_zone", "share": 1.0, "value": 540,
         "pairs": pairs(epoch, [t.astimezone(tokyo).replace(tzinfo=timezone.utc).timestamp() for t in at])},
        {"name": "hours in Tokyo's clock", "kind": "time_zone", "share": 1.0, "value": 540,
         "pairs": pairs([t.hour for t in at], [t.astimezone(tokyo).hour for t in at])},
        {"name": "ISO times in Kathmandu's clock", "kind": "time_zone", "share": 1.0, "value": 345,
         "pairs": pairs([t.replace(tzinfo=None).isoformat() for t in at],
                        [t.astimezone(ZoneInfo("Asia/Kathmandu")).replace(tzinfo=None).isoformat() for t in at])},
        {"name": "upper case", "kind": "case", "share": 1.0, "value": None, "pairs": pairs(towns, [t.upper() for t in towns])},
        {"name": "spaces", "kind": "spaces", "share": 1.0, "value": None, "pairs": pairs(towns, [f" {t} " for t in towns])},
        {"name": "other labels", "kind": "relabel", "share": 1.0, "value": None, "pairs": pairs(towns, [relabel[t] for t in towns])},
        {"name": "one value for all", "kind": "constant", "share": 1.0, "value": "-1", "pairs": pairs(floats(x), [-1] * 100)},
        {"name": "digits that lost their zeros", "kind": "type", "share": 1.0, "value": None,
         "pairs": [[f"{int(v):05d}", int(v)] for v in x]},
        {"name": "noise", "kind": None, "share": 0, "value": None, "pairs": pairs(floats(x), floats(x + 50 * noise))},
        {"name": "shuffled", "kind": None, "share": 0, "value": None, "pairs": pairs(floats(x), floats(rng.permutation(x)))},
    ]


content = {
    "how": "scipy.stats.binomtest, scipy.stats.binom and chi2, math.isclose, round, numpy, zoneinfo",
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__},
    "rates": [rate_case(k, n) for k, n in RATES],
    "rounded": [{"value": v, "digits": d, "expected": float(round(v, d))} for v in ROUNDED for d in (-2, -1, 0, 1, 2, 3)],
    "close": [{"a": a, "b": b, "absolute": t[0], "relative": t[1],
               "expected": math.isclose(a, b, rel_tol=t[1], abs_tol=t[0])} for a in NUMBERS for b in NUMBERS for t in TOLERANCES],
    "onsets": [
        onset_case("a step", [[1, 500], [0, 480], [2, 510], [40, 500], [55, 490], [48, 505]]),
        onset_case("none", [[3, 500], [2, 480], [4, 510], [1, 500], [3, 490], [2, 505]]),
        onset_case("ends well", [[50, 500], [45, 480], [2, 510], [1, 500]]),
        onset_case("always", [[50, 500], [45, 480], [52, 510], [47, 500]]),
        onset_case("the last bucket", [[0, 1000], [0, 1000], [0, 1000], [9, 300]]),
    ],
    "planted": planted(),
}
lines = []
for key, value in content.items():
    if isinstance(value, list):
        rows = ",\n".join("  " + json.dumps(row, allow_nan=False) for row in value)
        lines.append(f' "{key}": [\n{rows}\n ]')
    else:
        lines.append(f' "{key}": {json.dumps(value, allow_nan=False)}')
TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
print(TARGET.name)
