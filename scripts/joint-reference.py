"""Writes lib/stats/reference/{change-point,cause-distances,symmetric-eigen,reconstruction-error,domain-classifier,embeddings}.json:
inputs and the answers of numpy, scipy, scikit-learn and LightGBM.

    pip install -r scripts/requirements-reference.txt
    python scripts/joint-reference.py

As scripts/stats-reference.py: the answers come from the libraries alone, inputs are made from integers or rounded, and the
JSON is committed with the case.
"""

import json
import platform
from pathlib import Path

import lightgbm
import numpy as np
import scipy
import sklearn
from scipy import stats
from scipy.spatial.distance import cdist, pdist
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

TARGET = Path(__file__).resolve().parent.parent / "lib" / "stats" / "reference"


def write(name, how, **content):
    versions = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "lightgbm": lightgbm.__version__,
    }
    lines = []
    for key, value in {"how": how, "versions": versions, **content}.items():
        if isinstance(value, list):
            rows = ",\n".join("  " + json.dumps(row, allow_nan=False) for row in value)
            lines.append(f' "{key}": [\n{rows}\n ]')
        else:
            lines.append(f' "{key}": {json.dumps(value, allow_nan=False)}')
    (TARGET / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{name}.json")


def change_points():
    rng = np.random.default_rng(11)
    cases = []
    for buckets, at, before, after in [
        (24, 15, [5, 3, 2], [2, 3, 5]),
        (40, 8, [10, 10, 10, 1], [10, 10, 14, 1]),
        (12, 6, [50, 50], [90, 10]),
    ]:
        counts = [
            rng.multinomial(200, np.array(p) / sum(p)).tolist()
            for p in [before] * at + [after] * (buckets - at)
        ]
        table = np.array(counts)
        split = []
        for k in range(2, buckets - 1):
            two = np.array([table[:k].sum(0), table[k:].sum(0)])
            split.append(float(stats.chi2_contingency(two, correction=False, lambda_="log-likelihood").statistic))
        cases.append({"counts": counts, "index": int(np.argmax(split)) + 2, "statistic": max(split)})
    write("change-point", "scipy.stats.chi2_contingency(lambda_='log-likelihood') of every split", cases=cases)


def mean_gap(x, y):
    """Integral of |F - G| over (F + G) / 2, the jump of both at one point taken as a line."""
    total = 0.0
    f = g = 0.0
    for at in sorted(set(x) | set(y)):
        nf, ng = np.mean(np.array(x) <= at), np.mean(np.array(y) <= at)
        d0, d1 = f - g, nf - ng
        if d0 * d1 >= 0:
            mean = (abs(d0) + abs(d1)) / 2
        else:
            mean = (d0 * d0 + d1 * d1) / (2 * (abs(d0) + abs(d1)))
        total += mean * ((nf - f) + (ng - g)) / 2
        f, g = nf, ng
    return float(total)


def distances():
    cases = []
    for n, m, a, b, shift in [(50, 40, 7, 11, 0.0), (200, 100, 37, 101, 5.0), (30, 30, 13, 17, -40.0), (10, 500, 3, 7, 2.5)]:
        x = [float((i * a) % 53) for i in range(n)]
        y = [float((i * b) % 47) / 2 + shift for i in range(m)]
        cases.append(
            {
                "x": x,
                "y": y,
                "wasserstein": float(stats.wasserstein_distance(x, y)),
                "largest": float(stats.ks_2samp(x, y, method="asymp").statistic),
                "mean": mean_gap(x, y),
            }
        )
    write("cause-distances", "scipy.stats.wasserstein_distance, ks_2samp; the mean gap summed point by point", cases=cases)


def eigen():
    rng = np.random.default_rng(5)
    cases = []
    for size in (1, 2, 5, 12, 30):
        a = rng.integers(-9, 10, (size, size)).astype(float)
        a = a + a.T
        values, vectors = np.linalg.eigh(a)
        order = np.argsort(-values)
        vectors = vectors[:, order].T
        signs = np.array([np.sign(v[np.argmax(np.abs(v))]) for v in vectors])
        cases.append(
            {"matrix": a.tolist(), "values": values[order].tolist(), "vectors": (vectors * signs[:, None]).tolist()}
        )
    write("symmetric-eigen", "numpy.linalg.eigh", cases=cases)


def reconstruction():
    rng = np.random.default_rng(8)

    def table(n, broken):
        a = rng.normal(size=n)
        b = rng.normal(size=n) if broken else a + rng.normal(size=n) * 0.2
        c = rng.normal(size=n) + a
        d = rng.choice(["red", "green", "blue"], size=n, p=[0.6, 0.3, 0.1]).tolist()
        numbers = np.round(np.stack([a, b, c]), 3)
        numbers[1, ::17] = np.nan
        for i in range(0, n, 23):
            d[i] = None
        return numbers, d

    def encode(side, counts, top):
        return np.array([counts.get(top if v is None else v, 0.0) for v in side])

    baseline, names = table(300, False)
    # Without ties, so that "most frequent" is one value.
    known = [v for v in names if v is not None]
    top = max(set(known), key=known.count)
    filled = [top if v is None else v for v in names]
    counts = {v: filled.count(v) / len(filled) for v in set(filled)}
    imputer = SimpleImputer(strategy="mean").fit(baseline.T)

    def matrix(numbers, side):
        return np.column_stack([imputer.transform(numbers.T), encode(side, counts, top)])

    scaler = StandardScaler().fit(matrix(baseline, names))
    pca = PCA(n_components=0.65, random_state=16, svd_solver="full").fit(scaler.transform(matrix(baseline, names)))

    def errors(numbers, side):
        x = scaler.transform(matrix(numbers, side))
        return np.linalg.norm(x - pca.inverse_transform(pca.transform(x)), axis=1)

    own = errors(baseline, names)
    windows = []
    for n, broken in [(100, False), (200, True)]:
        numbers, side = table(n, broken)
        if broken:
            side[3] = "never seen"
        values = errors(numbers, side)
        windows.append(
            {
                "columns": to_columns(numbers, side),
                "value": float(values.mean()),
                "standardError": float(own.std(ddof=1) / np.sqrt(n)),
            }
        )
    write(
        "reconstruction-error",
        "scikit-learn SimpleImputer, relative frequencies, StandardScaler, PCA(n_components=0.65)",
        baseline=to_columns(baseline, names),
        componentCount=int(pca.n_components_),
        baselineValue=float(own.mean()),
        windows=windows,
    )


def to_columns(numbers, names):
    out = [
        {"name": f"x{i}", "kind": "numeric", "values": [None if np.isnan(v) else float(v) for v in row]}
        for i, row in enumerate(numbers)
    ]
    return out + [{"name": "colour", "kind": "categorical", "values": names}]


def domain():
    rng = np.random.default_rng(21)
    cases = []
    for name, n, m, kind in [
        ("a broken correlation", 600, 600, "broken"),
        ("a shift of one column by half a standard deviation", 800, 400, "shift"),
        ("no drift", 600, 600, "none"),
    ]:
        def side(count, is_window):
            a = rng.normal(size=count)
            b = a * 0.9 + rng.normal(size=count) * np.sqrt(1 - 0.81)
            if is_window and kind == "broken":
                b = rng.normal(size=count)
            c = rng.normal(size=count) + (0.5 if is_window and kind == "shift" else 0.0)
            d = rng.integers(0, 5, size=count)
            return np.column_stack([np.round(a, 3), np.round(b, 3), np.round(c, 3), d.astype(float)])

        x, y = side(n, False), side(m, True)
        rows = np.vstack([x, y])
        labels = np.array([0] * n + [1] * m)

        def out_of_fold(make):
            aucs = []
            for seed in range(2):
                scores = np.zeros(n + m)
                for train, held in StratifiedKFold(5, shuffle=True, random_state=seed).split(rows, labels):
                    scores[held] = make().fit(rows[train], labels[train]).predict_proba(rows[held])[:, 1]
                aucs.append(roc_auc_score(labels, scores))
            return float(np.mean(aucs))

        cases.append(
            {
                "name": name,
                "baseline": x.T.tolist(),
                "window": y.T.tolist(),
                "lightgbm": out_of_fold(
                    lambda: lightgbm.LGBMClassifier(
                        n_estimators=50, max_depth=3, num_leaves=8, learning_rate=0.1, max_bin=63, reg_lambda=1.0, verbose=-1, n_jobs=1
                    )
                ),
                "sklearn": out_of_fold(
                    lambda: HistGradientBoostingClassifier(
                        max_iter=50, max_depth=3, learning_rate=0.1, max_bins=63, l2_regularization=1.0, early_stopping=False
                    )
                ),
            }
        )
    write("domain-classifier", "out-of-fold ROC AUC of two foldings, mean; LGBMClassifier and HistGradientBoostingClassifier", cases=cases)


def embeddings():
    cases = []
    for n, m, d, shift in [(20, 15, 3, 0.0), (40, 40, 5, 1.0), (12, 30, 2, -0.5)]:
        x = np.array([[((i * 7 + j * 13) % 23) / 8 - 1 for j in range(d)] for i in range(n)])
        y = np.array([[((i * 11 + j * 5) % 19) / 8 - 1 + shift for j in range(d)] for i in range(m)])
        both = np.vstack([x, y])
        sigma = float(np.median(pdist(both)))
        k = np.exp(-cdist(both, both, "sqeuclidean") / (2 * sigma**2))
        kx, ky, kxy = k[:n, :n], k[n:, n:], k[:n, n:]
        mmd = (kx.sum() - np.trace(kx)) / (n * (n - 1)) + (ky.sum() - np.trace(ky)) / (m * (m - 1)) - 2 * kxy.mean()
        mx, my = x.mean(0), y.mean(0)
        spread = np.sqrt(np.trace(np.cov(x.T, bias=True)))
        cases.append(
            {
                "x": x.tolist(),
                "y": y.tolist(),
                "sigma": sigma,
                "mmd": float(mmd),
                "centroid": float(np.linalg.norm(mx - my) / spread),
                "cosine": float(1 - mx @ my / (np.linalg.norm(mx) * np.linalg.norm(my))),
            }
        )
    write("embeddings", "numpy and scipy.spatial.distance", cases=cases)


if __name__ == "__main__":
    change_points()
    distances()
    eigen()
    reconstruction()
    domain()
    embeddings()
