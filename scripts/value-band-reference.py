"""Writes lib/stats/reference/value-band.json: the medians and quantiles of numpy, the normal distribution of scipy.

    pip install -r scripts/requirements-reference.txt
    python scripts/value-band-reference.py

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

rng = np.random.default_rng(20_261_128)


def band(points, season_class, coverage):
    classes = np.array([p["seasonClass"] for p in points])
    values = np.array([p["value"] for p in points])
    deviations = []
    for i in range(len(values)):
        others = values[(classes == classes[i]) & (np.arange(len(values)) != i)]
        if len(others) > 0:
            deviations.append(abs(values[i] - np.median(others)))
    scale = max(
        np.quantile(deviations, 0.5) / stats.norm.ppf(0.75),
        np.quantile(deviations, 0.9) / stats.norm.ppf(0.95),
    )
    expected = np.median(values[classes == season_class])
    reach = stats.norm.ppf((1 + coverage) / 2) * scale
    return {"expected": float(expected), "scale": float(scale), "lower": float(expected - reach), "upper": float(expected + reach)}


def case(name, values, coverage, classes=7):
    points = [{"seasonClass": i % classes, "value": float(v)} for i, v in enumerate(values)]
    return {"name": name, "seasonClass": 3, "coverage": coverage, "points": points, **band(points, 3, coverage)}


weekly = 5 + np.array([0, 0.1, 0.2, 0.1, 0, -2, -3])
spiked = rng.normal(0.9, 0.01, 56)
spiked[[10, 31, 45]] = 0.2
cases = [
    case("normal", rng.normal(0, 1, 56), 0.99),
    case("a weekly season", np.tile(weekly, 8) + rng.normal(0, 0.05, 56), 0.999),
    case("with three incidents in the past", spiked, 0.99),
    case("heavy tails", rng.standard_t(2, 56), 0.95),
    case("far from 0", 1e9 + rng.normal(0, 3, 56), 0.99),
    case("never moved", np.full(56, 0.25), 0.99),
]
shares = [1e-12, 1e-6, 0.001, 0.025, 0.31, 0.5, 0.75, 0.95, 0.975, 0.9995, 1 - 1e-9]
reference.write("value-band", "numpy.median, numpy.quantile, scipy.stats.norm.ppf",
                quantiles=[{"share": s, "z": float(stats.norm.ppf(s))} for s in shares], bands=cases)
