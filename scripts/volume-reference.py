"""Writes lib/stats/reference/rate-change.json and volume-band.json: the answers of scipy and of printed tables.

    pip install -r scripts/requirements-reference.txt
    python scripts/volume-reference.py

The answers come from the libraries alone; nothing here reads the product's code. Run it again after adding a case, and
commit the JSON with the case.
"""

import importlib.util
from pathlib import Path

import numpy as np
from scipy import optimize, stats
from scipy.special import betainc, betaincc

spec = importlib.util.spec_from_file_location("reference", Path(__file__).with_name("stats-reference.py"))
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)


def rate_change():
    wilson = []
    for count, total in [(0, 1), (1, 1), (0, 20), (20, 20), (5, 56), (56, 70), (1, 100000), (99999, 100000), (31, 250), (12345, 100000)]:
        ci = stats.binomtest(count, total).proportion_ci(0.95, method="wilson")
        wilson.append({"count": count, "total": total, "lower": float(ci.low), "upper": float(ci.high)})
    # Newcombe (1998), Table II, method 10, to the four digits that are printed there.
    printed = [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (6, 7, 2, 7, 0.0582, 0.8062),
               (5, 56, 0, 29, -0.0381, 0.1926), (0, 10, 0, 20, -0.1611, 0.2775), (0, 10, 0, 10, -0.2775, 0.2775),
               (10, 10, 0, 20, 0.6791, 1.0), (10, 10, 0, 10, 0.6075, 1.0)]
    newcombe = [{"window": [a, m], "baseline": [b, n], "lower": low, "upper": high} for a, m, b, n, low, high in printed]
    z = []
    for a, m, b, n in [(300, 1000, 250, 1000), (121, 1000, 20, 10000), (4500, 9000, 4400, 9000)]:
        pooled = (a + b) / (m + n)
        statistic = (a / m - b / n) / np.sqrt(pooled * (1 - pooled) * (1 / m + 1 / n))
        z.append({"window": [a, m], "baseline": [b, n], "pValue": float(2 * stats.norm.sf(abs(statistic)))})
    reference.write("rate-change", "scipy.stats.binomtest.proportion_ci(method='wilson'), scipy.stats.norm.sf; Newcombe (1998), Table II",
                    wilson=wilson, newcombe=newcombe, z=z)


def dispersion_of(points):
    """Roots of the two conditions by scipy.optimize.brentq over numpy quantiles."""
    scaled = []
    for season_class in {c for c, _ in points}:
        own = [y for c, y in points if c == season_class]
        for i, y in enumerate(own):
            if len(own) > 1:
                scaled.append((float(np.median(own[:i] + own[i + 1:])), y))
    scaled = np.array([(e, y) for e, y in scaled if e > 0])

    def least(share):
        wanted = stats.norm.ppf((1 + share) / 2)

        def excess(f):
            e, y = scaled[:, 0], scaled[:, 1]
            return float(np.quantile(np.abs(y - e) / np.sqrt(e + f * e * e), share)) - wanted

        return 0.0 if excess(0.0) <= 0 else float(optimize.brentq(excess, 0.0, 1000.0, xtol=1e-15, rtol=1e-13))

    return max(least(0.5), least(0.9))


def volume_band():
    beta = [{"a": a, "b": b, "x": x, "lower": float(betainc(a, b, x)), "upper": float(betaincc(a, b, x))}
            for a, b in [(0.5, 0.5), (1, 1), (3.7, 12), (25, 101), (400, 100001), (20000, 3), (50, 2_000_000)]
            for x in [1e-9, 1e-5, a / (a + b) * 0.9, a / (a + b), min(0.99, a / (a + b) * 1.1), 0.999]]
    quantiles = []
    for mean in [0.1, 0.5, 1, 3.5, 17, 250, 4321, 100000, 3000000]:
        for dispersion in [0.0, 1e-6, 0.001, 0.04, 0.25, 1.0, 4.0]:
            for q in [0.005, 0.05, 0.5, 0.95, 0.995]:
                law = stats.poisson(mean) if dispersion == 0 else stats.nbinom(1 / dispersion, 1 / (1 + dispersion * mean))
                k = int(law.ppf(q))
                # A quantile at which the distribution function is within rounding of q is no test of anything.
                if min(abs(law.cdf(k) - q), abs(law.cdf(k - 1) - q)) < 1e-9:
                    continue
                quantiles.append({"mean": mean, "dispersion": dispersion, "q": q, "quantile": k, "cdf": float(law.cdf(k))})
    random = np.random.default_rng(20261128)
    bands = []
    for name, level, size, weeks in [("Poisson hours", 40.0, None, 8), ("overdispersed hours", 500.0, 12.0, 6), ("many rows", 80000.0, 60.0, 5),
                                     ("a past outage and a past flood", 900.0, 30.0, 8), ("mostly empty hours", 0.2, None, 8)]:
        points = []
        for day in range(7):
            for _ in range(weeks):
                mean = level * (1 + 0.1 * day)
                draw = random.poisson(mean) if size is None else random.negative_binomial(size, size / (size + mean))
                points.append((day * 24 + 14, int(draw)))
        if name.startswith("a past"):
            points[3], points[11], points[20] = (points[3][0], 0), (points[11][0], 0), (points[20][0], 50000)
        dispersion = dispersion_of(points)
        own = [y for c, y in points if c == 38]
        expected = float(np.median(own))
        ppf = lambda mean, q: 0 if mean == 0 else int((stats.poisson(mean) if dispersion == 0 else stats.nbinom(1 / dispersion, 1 / (1 + dispersion * mean))).ppf(q))
        bands.append({"name": name, "seasonClass": 38, "expected": expected, "dispersion": dispersion,
                      "lower": ppf(expected, 0.005), "upper": ppf(expected + 0.5, 0.995),
                      "points": [{"seasonClass": c, "count": y} for c, y in points]})
    reference.write("volume-band", "scipy.special.betainc and betaincc, scipy.stats.poisson and nbinom, scipy.optimize.brentq over numpy.quantile",
                    beta=beta, quantiles=quantiles, bands=bands)


if __name__ == "__main__":
    rate_change()
    volume_band()
