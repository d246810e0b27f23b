"""Writes lib/stats/reference/{partial-dependence,surrogate,explain-change,segment-contributions,restore-feature}.json: inputs and the
answers of scikit-learn, LightGBM, scipy and exact fractions.

    pip install -r scripts/requirements-reference.txt
    python scripts/root-cause-reference.py

As scripts/stats-reference.py: the answers come from the libraries alone, inputs are made from integers or rounded, and the
JSON is committed with the case.
"""

import json
import platform
from fractions import Fraction
from pathlib import Path

import lightgbm
import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.metrics import r2_score
from sklearn.model_selection import KFold, cross_val_predict

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


def leaf(value):
    return {"kind": "leaf", "value": value}


def split(column, at, left, right):
    return {"kind": "split", "column": column, "bin": at, "left": left, "right": right}


FOREST = [
    split(0, 2, split(1, 1, leaf(-1.5), leaf(0.25)), split(0, 5, leaf(0.75), split(2, 1, leaf(2.0), leaf(3.5)))),
    split(1, 3, split(0, 3, leaf(-0.5), leaf(1.0)), split(1, 4, leaf(0.125), leaf(-2.0))),
    split(2, 0, leaf(0.5), split(1, 2, leaf(-0.25), split(0, 1, leaf(4.0), leaf(-1.0)))),
    leaf(0.0625),
]
BIN_COUNTS = [8, 6, 3, 4]
START = 0.375


class Forest(RegressorMixin, BaseEstimator):
    def fit(self, x, y=None):
        self.n_features_in_ = len(BIN_COUNTS)
        self.is_fitted_ = True
        return self

    def predict(self, x):
        return np.array([START + sum(self.answer(tree, row) for tree in FOREST) for row in np.asarray(x)])

    def answer(self, node, row):
        while node["kind"] == "split":
            node = node["left"] if row[node["column"]] <= node["bin"] else node["right"]
        return node["value"]


def bins(rng, rows, tilt):
    """Columns that go together: the second follows the first."""
    first = rng.choice(8, rows, p=np.array(tilt) / sum(tilt))
    second = np.clip(first // 2 + rng.integers(0, 3, rows), 0, 5)
    return np.column_stack([first, second, rng.integers(0, 3, rows), rng.integers(0, 4, rows)]).astype(float)


def dependence_of(forest, x):
    found = []
    for column, count in enumerate(BIN_COUNTS):
        grid = {column: np.arange(count, dtype=float)}
        answer = partial_dependence(forest, x, [column], method="brute", kind="average", custom_values=grid)
        averages = answer["average"][0]
        found.append(averages - averages[x[:, column].astype(int)].mean())
    return found


def part(before, after):
    test = stats.ttest_ind(after, before, equal_var=False)
    interval = test.confidence_interval(0.95)
    return {
        "value": float(after.mean() - before.mean()),
        "low": float(interval.low),
        "high": float(interval.high),
        "pValue": float(test.pvalue),
    }


def dependences_and_changes():
    rng = np.random.default_rng(3)
    forest = Forest().fit(None)
    reference = bins(rng, 300, [4, 4, 3, 3, 2, 2, 1, 1])
    window = bins(rng, 250, [1, 1, 2, 2, 3, 4, 4, 3])
    dependence = dependence_of(forest, reference)
    shared = {"start": START, "trees": FOREST, "binCounts": BIN_COUNTS, "reference": reference.astype(int).T.tolist()}
    write(
        "partial-dependence",
        "sklearn.inspection.partial_dependence(method='brute', kind='average') less its mean over the rows",
        **shared,
        dependence=[column.tolist() for column in dependence],
    )
    noise = {
        "reference": np.round(rng.normal(0, 0.5, len(reference)), 4),
        "window": np.round(rng.normal(0.3, 0.5, len(window)), 4),
    }
    sides = {"reference": reference, "window": window}
    moves = {side: [dependence[j][x[:, j].astype(int)] for j in range(4)] for side, x in sides.items()}
    answers = {side: forest.predict(x) for side, x in sides.items()}
    targets = {side: answers[side] + noise[side] for side in sides}
    together = {side: answers[side] - np.sum(moves[side], axis=0) for side in sides}
    write(
        "explain-change",
        "scipy.stats.ttest_ind(equal_var=False) of what scikit-learn's partial dependence gives each row",
        **shared,
        window=window.astype(int).T.tolist(),
        referenceTargets=targets["reference"].tolist(),
        windowTargets=targets["window"].tolist(),
        whole=part(targets["reference"], targets["window"]),
        features=[part(moves["reference"][j], moves["window"][j]) for j in range(3)],
        interaction=part(together["reference"], together["window"]),
        remainder=part(noise["reference"], noise["window"]),
    )


def surrogates():
    rng = np.random.default_rng(5)
    rows = 1500
    x = np.round(rng.normal(size=(rows, 5)), 3)
    x[:, 1] = np.round(0.6 * x[:, 0] + 0.8 * x[:, 1], 3)
    x[rng.random(rows) < 0.1, 2] = np.nan
    filled = np.where(np.isnan(x[:, 2]), -1.0, x[:, 2])
    clear = 2 * x[:, 0] + np.where(filled > 0, 1.5, -0.5) * x[:, 1] + np.sin(2 * x[:, 3])
    cases = []
    for name, target in [
        ("a model's own answer", clear),
        ("an answer with noise", clear + 2 * rng.normal(size=rows)),
        ("whether it was right", (rng.random(rows) < 1 / (1 + np.exp(-1 - x[:, 0]))).astype(float)),
        ("nothing to learn", rng.normal(size=rows)),
    ]:
        target = np.round(target, 4)
        folds = KFold(5, shuffle=True, random_state=1)
        boosted = HistGradientBoostingRegressor(
            max_iter=100, max_depth=4, learning_rate=0.15, max_bins=62, min_samples_leaf=20, early_stopping=False
        )
        light = lightgbm.LGBMRegressor(
            n_estimators=100, max_depth=4, num_leaves=16, learning_rate=0.15, max_bin=62, min_child_samples=20, verbose=-1
        )
        importances = []
        for training, held in folds.split(x):
            fitted = boosted.fit(x[training], target[training])
            importances.append(
                permutation_importance(fitted, x[held], target[held], scoring="neg_mean_squared_error", n_repeats=20, random_state=1)
                .importances_mean
                / target.var()
            )
        cases.append(
            {
                "name": name,
                "targets": target.tolist(),
                "scikitLearnR2": float(r2_score(target, cross_val_predict(boosted, x, target, cv=folds))),
                "lightGbmR2": float(r2_score(target, cross_val_predict(light, x, target, cv=folds))),
                "importances": np.mean(importances, axis=0).tolist(),
            }
        )
    columns = [[None if np.isnan(v) else float(v) for v in column] for column in x.T]
    write(
        "surrogate",
        "cross_val_predict in five folds, and permutation_importance on held rows over the variance of the target",
        columns=columns,
        cases=cases,
    )


def decompose(parameters, size):
    """Mixes, behaviours and their sums as a function of all shares and means, for numerical differentiation."""
    s, t, m, w = np.split(np.asarray(parameters), [size, 2 * size, 3 * size])
    middle = (np.dot(s, m) + np.dot(t, w)) / 2
    mix = (t - s) * ((m + w) / 2 - middle)
    behaviour = (w - m) * (s + t) / 2
    return np.concatenate([mix, behaviour, mix + behaviour, [mix.sum(), behaviour.sum()]])


def standard_errors(before, after):
    size = len(before)
    counts = [np.array([len(rows) for rows in side], dtype=float) for side in (before, after)]
    shares = [count / count.sum() for count in counts]
    means = [np.array([np.mean(rows) for rows in side]) for side in (before, after)]
    pooled = np.array([np.var(np.concatenate([a, b]), ddof=1) for a, b in zip(before, after)])
    covariance = np.zeros((4 * size, 4 * size))
    for i, (share, count) in enumerate(zip(shares, counts)):
        at = slice(i * size, (i + 1) * size)
        covariance[at, at] = (np.diag(share) - np.outer(share, share)) / count.sum()
        at = slice((2 + i) * size, (3 + i) * size)
        covariance[at, at] = np.diag(pooled / count)
    point = np.concatenate([*shares, *means])
    step = 1e-6
    jacobian = np.array(
        [
            (decompose(point + step * unit, size) - decompose(point - step * unit, size)) / (2 * step)
            for unit in np.eye(4 * size)
        ]
    ).T
    return np.sqrt(np.diag(jacobian @ covariance @ jacobian.T))


def exact(before, after):
    """The same parts in fractions."""
    totals = [sum(len(rows) for rows in side) for side in (before, after)]
    s, t = [[Fraction(len(rows), total) for rows in side] for side, total in zip((before, after), totals)]
    m, w = [[Fraction(int(sum(rows)), len(rows)) if rows else None for rows in side] for side in (before, after)]
    m, w = [a if a is not None else b for a, b in zip(m, w)], [b if b is not None else a for a, b in zip(m, w)]
    whole = [sum(a * b for a, b in zip(s, m)), sum(a * b for a, b in zip(t, w))]
    middle = (whole[0] + whole[1]) / 2
    mix = [(b - a) * ((c + d) / 2 - middle) for a, b, c, d in zip(s, t, m, w)]
    behaviour = [(d - c) * (a + b) / 2 for a, b, c, d in zip(s, t, m, w)]
    assert sum(mix) + sum(behaviour) == whole[1] - whole[0]
    return [float(x) for x in mix], [float(x) for x in behaviour], float(whole[1] - whole[0])


def segments():
    def hits(count, right):
        return [1] * right + [0] * (count - right)

    rng = np.random.default_rng(8)
    cases = []
    for name, before, after in [
        # Every segment is right more often, and the whole less often: the hard one has grown.
        ("Simpson's paradox", [hits(900, 810), hits(100, 40)], [hits(300, 291), hits(700, 385)]),
        ("one segment behaves otherwise", [hits(400, 360), hits(300, 270), hits(300, 270)], [hits(420, 378), hits(290, 203), hits(290, 261)]),
        ("only shares moved", [hits(500, 450), hits(500, 250)], [hits(200, 180), hits(800, 400)]),
        ("numbers", [rng.integers(0, 50, 120).tolist(), rng.integers(20, 90, 80).tolist()], [rng.integers(0, 50, 90).tolist(), rng.integers(40, 120, 150).tolist()]),
        ("one that is new and one that is gone", [hits(500, 400), hits(100, 90), []], [hits(450, 360), [], hits(200, 60)]),
    ]:
        mix, behaviour, change = exact(before, after)
        is_whole = all(len(rows) > 0 for rows in [*before, *after])
        cases.append(
            {
                "name": name,
                "before": before,
                "after": after,
                "change": change,
                "mix": mix,
                "behaviour": behaviour,
                # mix, behaviour and their sum of each segment, then all mixes and all behaviours.
                "standardErrors": standard_errors(before, after).tolist() if is_whole else None,
            }
        )
    write("segment-contributions", "exact fractions; the square root of diag(J V J') by numpy, J by central differences", cases=cases)


def restorations():
    rng = np.random.default_rng(9)
    cases = []
    for name, before, after in [
        ("another unit", rng.integers(1, 1000, 400), 100 * rng.integers(1, 1000, 300)),
        ("ties", rng.integers(0, 5, 100), rng.integers(3, 6, 80)),
        ("one value", np.arange(10), np.full(7, 3)),
    ]:
        place = (stats.rankdata(after, method="average") - 0.5) / len(after)
        restored = np.sort(before)[np.minimum(len(before) - 1, np.floor(place * len(before)).astype(int))]
        cases.append({"name": name, "before": before.tolist(), "after": after.tolist(), "restored": restored.tolist()})
    write("restore-feature", "numpy.sort at scipy.stats.rankdata(method='average')", cases=cases)


dependences_and_changes()
surrogates()
segments()
restorations()
