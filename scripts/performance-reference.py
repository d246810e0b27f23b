"""Writes lib/stats/reference/performance-*.json: rows and the answers of scikit-learn, scipy and numpy, with their versions.

    pip install -r scripts/requirements-reference.txt
    python scripts/performance-reference.py

The answers come from the libraries alone; nothing here reads the product's code. Inputs are made from integers, so
that they are the same bits everywhere. Where a library answers 0 for an empty denominator the answer here is null.
"""

import json
import platform
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn import metrics
from sklearn.isotonic import IsotonicRegression

TARGET = Path(__file__).resolve().parent.parent / "lib" / "stats" / "reference"


def write(name, how, **content):
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}
    lines = [f' "how": {json.dumps(how)}', f' "versions": {json.dumps(versions)}']
    for key, value in content.items():
        rows = ",\n".join("  " + json.dumps(row, allow_nan=False) for row in value)
        lines.append(f' "{key}": [\n{rows}\n ]')
    (TARGET / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{name}.json")


def unit(count, factor, modulus):
    return [((i * factor) % modulus + 0.5) / modulus for i in range(count)]


def noise(i):
    return ((i * 7907) % 1013) / 1013


def labels_for(scores, slope=1.0):
    return [1 if noise(i) < 0.5 + slope * (s - 0.5) else 0 for i, s in enumerate(scores)]


def binary_cases():
    distinct = unit(240, 7919, 1009)
    tied = [round(s, 1) for s in unit(300, 6661, 1013)]
    skewed = [s**4 for s in unit(400, 7919, 1009)]
    return {
        "distinct scores": (distinct, [int(s >= 0.5) for s in distinct], labels_for(distinct)),
        "eleven tied scores, exact 0 and 1 among them": (tied, [int(s >= 0.5) for s in tied], labels_for(tied, 0.8)),
        "rare positives": (skewed, [int(s >= 0.7) for s in skewed], labels_for(skewed, 0.9)),
        "decisions unlike the scores": (distinct, [int(noise(i + 5) < 0.4) for i in range(240)], labels_for(distinct)),
        "nothing decided positive": (distinct, [0] * 240, labels_for(distinct)),
        "one class of labels": (tied, [int(s >= 0.5) for s in tied], [0] * 300),
        "no positive anywhere": (tied, [0] * 300, [0] * 300),
        "always right": (distinct, [int(s >= 0.5) for s in distinct], [int(s >= 0.5) for s in distinct]),
        "one constant score": ([0.25] * 40, [0] * 40, [int(i % 4 == 0) for i in range(40)]),
        "three rows": ([0.2, 0.6, 0.9], [0, 1, 1], [0, 0, 1]),
        "one row": ([0.7], [1], [1]),
    }


def wilson(k, n):
    interval = stats.binomtest(int(k), int(n)).proportion_ci(method="wilson")
    return [float(interval.low), float(interval.high)]


def de_long(scores, labels):
    """Straight from the definition: every positive against every negative."""
    s, y = np.array(scores), np.array(labels)
    positive, negative = s[y == 1], s[y == 0]
    psi = (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])
    if len(positive) < 2 or len(negative) < 2:
        return None
    return float(np.sqrt(psi.mean(axis=1).var(ddof=1) / len(positive) + psi.mean(axis=0).var(ddof=1) / len(negative)))


def bootstrap(rows, function, count=3000):
    generator = np.random.default_rng(42)
    found = []
    for _ in range(count):
        taken = generator.integers(0, len(rows[0]), len(rows[0]))
        try:
            value = function(*[np.array(column)[taken] for column in rows])
        except ValueError:
            continue
        if np.isfinite(value):
            found.append(value)
    return float(np.std(found, ddof=1))


def binary():
    cases = []
    for name, (s, d, y) in binary_cases().items():
        c = metrics.confusion_matrix(y, d, labels=[0, 1])
        (tn, fp), (fn, tp) = c
        n = len(y)
        both = 0 < sum(y) < n
        share = lambda k, of: None if of == 0 else [float(k / of), *wilson(k, of)]
        expected = {
            "accuracy": share(tp + tn, n),
            "precision": share(tp, tp + fp),
            "recall": share(tp, tp + fn),
            "specificity": share(tn, tn + fp),
            "false_positive_rate": share(fp, tn + fp),
        }
        values = {
            "accuracy": metrics.accuracy_score(y, d),
            "precision": metrics.precision_score(y, d) if tp + fp else None,
            "recall": metrics.recall_score(y, d) if tp + fn else None,
            "f1": metrics.f1_score(y, d) if tp + fp + fn else None,
            "balanced_accuracy": metrics.balanced_accuracy_score(y, d) if both else None,
            "matthews": metrics.matthews_corrcoef(y, d) if both and 0 < sum(d) < n else None,
            "roc_auc": metrics.roc_auc_score(y, s) if both else None,
            "average_precision": metrics.average_precision_score(y, s) if sum(y) else None,
            "log_loss": metrics.log_loss(y, s, labels=[0, 1]),
            "brier": metrics.brier_score_loss(y, s) if both else float(np.mean((np.array(s) - np.array(y)) ** 2)),
        }
        case = {"name": name, "scores": s, "decisions": d, "labels": y, "shares": expected,
                "values": {key: None if value is None else float(value) for key, value in values.items()},
                "rocAucStandardError": de_long(s, y) if both else None}
        if n >= 240 and 0 < sum(d) < n and both and name != "always right":
            f = {
                "f1": lambda s, d, y: metrics.f1_score(y, d),
                "balanced_accuracy": lambda s, d, y: metrics.balanced_accuracy_score(y, d),
                "matthews": lambda s, d, y: metrics.matthews_corrcoef(y, d),
                "average_precision": lambda s, d, y: metrics.average_precision_score(y, s),
                "roc_auc": lambda s, d, y: metrics.roc_auc_score(y, s),
                "log_loss": lambda s, d, y: metrics.log_loss(y, s, labels=[0, 1]),
                "brier": lambda s, d, y: float(np.mean((s - y) ** 2)),
            }
            case["bootstrapErrors"] = {key: bootstrap((s, d, y), one) for key, one in f.items()}
        cases.append(case)
    thresholds = []
    s, _, y = binary_cases()["eleven tied scores, exact 0 and 1 among them"]
    for t in (0.0, 0.3, 0.5, 0.95, 1.0, 1.1):
        (tn, fp), (fn, tp) = metrics.confusion_matrix(y, [int(x >= t) for x in s], labels=[0, 1])
        thresholds.append({"threshold": t, "counts": [int(tp), int(fp), int(fn), int(tn)]})
    write("performance-binary", "sklearn.metrics, scipy.stats.binomtest (Wilson), numpy (DeLong by every pair; 3,000 seeded bootstraps)",
          cases=cases, thresholds=thresholds)


def calibration():
    cases = []
    for name, (s, _, y) in binary_cases().items():
        s, y = np.array(s), np.array(y)
        bin_of = np.minimum(np.floor(s * 10).astype(int), 9)
        n, base = len(y), y.mean()
        ece = reliability = resolution = 0.0
        for b in np.unique(bin_of):
            at = bin_of == b
            w = at.sum() / n
            ece += w * abs(s[at].mean() - y[at].mean())
            reliability += w * (s[at].mean() - y[at].mean()) ** 2
            resolution += w * (y[at].mean() - base) ** 2
        cases.append({"name": name, "expectedError": float(ece), "reliability": float(reliability), "resolution": float(resolution),
                      "uncertainty": float(base * (1 - base))})
    fits = []
    for name, (s, _, y) in binary_cases().items():
        model = IsotonicRegression(increasing=True, out_of_bounds="clip").fit(s, y)
        at = [-0.5, 0.0, 0.01, 0.2, 0.25, 0.333, 0.5, 0.61, 0.8, 0.99, 1.0, 1.5]
        fits.append({"name": name, "at": at, "probabilities": [float(p) for p in model.predict(at)]})
    write("performance-calibration", "numpy by bins, sklearn.isotonic.IsotonicRegression(out_of_bounds='clip')", cases=cases, fits=fits)


def multiclass():
    names = ["ant", "bee", "cat", "dog"]

    def rows(count, classes, miss):
        y = [names[(i * i + i // 7) % classes] for i in range(count)]
        d = [names[(names.index(label) + (1 if noise(i) < miss else 0)) % classes] for i, label in enumerate(y)]
        return y, d

    def probabilities(d, classes):
        table = []
        for i, decided in enumerate(d):
            raw = [1 + int(noise(i * 4 + j) * 8) + (9 if names[j] == decided else 0) for j in range(classes)]
            table.append([round(value / sum(raw), 6) for value in raw])
        return table

    three, four = rows(300, 3, 0.3), rows(400, 4, 0.5)
    shapes = {
        "three classes": three,
        "four classes, half wrong": four,
        "a class that is decided but never labelled": ([label if label != "cat" else "ant" for label in three[0]], three[1]),
        "a class that is labelled but never decided": (three[0], [one if one != "bee" else "ant" for one in three[1]]),
        "all right": (three[0], three[0]),
        "one class": (["ant"] * 20, ["ant"] * 20),
        "one row, wrong": (["ant"], ["bee"]),
    }
    cases = []
    for name, (y, d) in shapes.items():
        present = sorted(set(y))
        every = sorted(set(y) | set(d))
        expected = {"accuracy": metrics.accuracy_score(y, d)}
        errors = {}
        for average in ("macro", "weighted"):
            for metric, function in (("precision", metrics.precision_score), ("recall", metrics.recall_score), ("f1", metrics.f1_score)):
                value = function(y, d, labels=present, average=average, zero_division=np.nan)
                expected[f"{average}_{metric}"] = None if np.isnan(value) else value
                if len(y) >= 300 and name != "all right":
                    errors[f"{average}_{metric}"] = bootstrap(
                        (y, d), lambda y, d, f=function, a=average: f(y, d, labels=present, average=a, zero_division=np.nan), 400)
        case = {"name": name, "labels": y, "decisions": d, "absent": [c for c in every if c not in present],
                "values": {key: None if value is None else float(value) for key, value in expected.items()}, "bootstrapErrors": errors}
        if name in ("three classes", "four classes, half wrong"):
            table = np.array(probabilities(d, len(present)))
            table = table / table.sum(axis=1, keepdims=True)
            case["probabilities"] = [[float(p) for p in row] for row in table]
            case["classes"] = present
            case["values"]["log_loss"] = float(metrics.log_loss(y, table, labels=present))
            case["values"]["macro_roc_auc"] = float(metrics.roc_auc_score(y, table, labels=present, multi_class="ovr", average="macro"))
        cases.append(case)
    write("performance-multiclass", "sklearn.metrics, zero_division=nan, labels = the classes that occur among the labels", cases=cases)


def regression():
    base = [50 + ((i * 37) % 101) / 4 for i in range(200)]
    guess = [y + ((i * 7919) % 1009 - 504) / 128 for i, y in enumerate(base)]
    shapes = {
        "usual": (base, guess),
        "biased": (base, [p + 3 for p in guess]),
        "labels of zero": ([0 if i % 9 == 0 else y for i, y in enumerate(base)], guess),
        "negative values": ([y - 60 for y in base], [p - 60 for p in guess]),
        "at an offset of 1e9": ([1e9 + y for y in base], [1e9 + p for p in guess]),
        "all right": (base, base),
        "constant label": ([4.0] * 30, [4 + (i % 5) / 2 for i in range(30)]),
        "one row": ([2.0], [2.5]),
        "two rows": ([2.0, 3.0], [2.5, 2.0]),
        "all labels zero": ([0.0] * 6, [0.5, -0.5, 0.25, 0, 1, 2]),
    }
    cases = []
    for name, (y, p) in shapes.items():
        y, p = [float(v) for v in y], [float(v) for v in p]
        negative = min(min(y), min(p)) < 0
        absolute = np.abs(np.array(p) - np.array(y))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = {
                "mae": metrics.mean_absolute_error(y, p),
                "mse": metrics.mean_squared_error(y, p),
                "rmse": metrics.root_mean_squared_error(y, p),
                "bias": float(np.mean(np.array(p) - np.array(y))),
                "mape": metrics.mean_absolute_percentage_error(y, p),
                "wmape": float(absolute.sum() / np.abs(y).sum()) if np.abs(y).sum() else None,
                "msle": None if negative else metrics.mean_squared_log_error(y, p),
                "rmsle": None if negative else metrics.root_mean_squared_log_error(y, p),
                "r2": metrics.r2_score(y, p) if len(y) > 1 and len(set(y)) > 1 else None,
                "median_loss": metrics.mean_pinball_loss(y, p, alpha=0.5),
            }
        errors = {}
        if len(y) == 200 and name != "all right":
            errors["mae"] = float(stats.sem(absolute))
            errors["mse"] = float(stats.sem(absolute**2))
            errors["bias"] = float(stats.sem(np.array(p) - np.array(y)))
            errors["wmape"] = bootstrap((y, p), lambda y, p: np.abs(p - y).sum() / np.abs(y).sum())
            errors["rmse"] = bootstrap((y, p), lambda y, p: float(np.sqrt(np.mean((p - y) ** 2))))
            errors["median_loss"] = bootstrap((y, p), lambda y, p: metrics.mean_pinball_loss(y, p, alpha=0.5))
        cases.append({"name": name, "labels": y, "predictions": p, "values": {k: None if v is None else float(v) for k, v in values.items()},
                      "pinball90": float(metrics.mean_pinball_loss(y, p, alpha=0.9)), "errors": errors})
    write("performance-regression", "sklearn.metrics, scipy.stats.sem, 3,000 seeded bootstraps", cases=cases)


def ranking():
    lists = {
        "graded": [3, 0, 2, 0, 1, 0, 0, 2, 0, 0, 1, 0],
        "first is best": [1, 0, 0, 0],
        "last is best": [0, 0, 0, 0, 0, 1],
        "all relevant": [1, 1, 1],
        "one item": [1],
        "beyond ten": [0] * 11 + [1],
    }
    cases = []
    for name, rel in lists.items():
        scores = [float(-i) for i in range(len(rel))]
        found = {}
        for k in (1, 3, 5, 10):
            if len(rel) > 1:
                found[f"ndcg@{k}"] = float(metrics.ndcg_score([rel], [scores], k=k))
            binary_rel = np.array([int(r > 0) for r in rel])
            top = binary_rel[:k]
            found[f"precision@{k}"] = float(top.sum() / min(k, len(rel)))
            found[f"recall@{k}"] = float(top.sum() / binary_rel.sum())
            found[f"hit_rate@{k}"] = float(top.any())
            found[f"mrr@{k}"] = float(1 / (np.argmax(top) + 1)) if top.any() else 0.0
            running = np.cumsum(top) / np.arange(1, len(top) + 1)
            found[f"map@{k}"] = float((running * top).sum() / binary_rel.sum())
        if len(rel) > 1:
            whole = metrics.label_ranking_average_precision_score([[int(r > 0) for r in rel]], [scores])
            found["averagePrecision"] = float(whole)
        cases.append({"name": name, "relevances": rel, "values": found})
    write("performance-ranking", "sklearn.metrics.ndcg_score, label_ranking_average_precision_score; numpy for the rest", cases=cases)


def estimates():
    """What the band of an estimate rests on: F, Student's quantile, and the spread of average precision."""
    fisher = [{"f": f, "a": a, "b": b, "pValue": float(stats.f.sf(f, a, b))}
              for a in (1, 2, 5) for b in (5, 8, 20, 40) for f in (0.0, 0.3, 1.0, 2.5, 6.63, 40.0)]
    quantiles = [{"degreesOfFreedom": n, "quantile": float(stats.t.ppf(stats.norm.cdf(3), n))} for n in (5, 8, 10, 20, 40, 60, 200)]
    spreads = []
    for name in ("distinct scores", "eleven tied scores, exact 0 and 1 among them", "rare positives"):
        s, d, y = binary_cases()[name]
        spreads.append({"name": name, "rowCount": len(y), "averagePrecision": bootstrap((s, y), lambda s, y: metrics.average_precision_score(y, s)),
                        "balancedAccuracy": bootstrap((d, y), lambda d, y: metrics.balanced_accuracy_score(y, d))})
    write("performance-estimate", "scipy.stats.f.sf, scipy.stats.t.ppf; 3,000 seeded bootstraps of sklearn.metrics.average_precision_score and balanced_accuracy_score",
          fisher=fisher, quantiles=quantiles, spreads=spreads)


def thresholds():
    """Curves and values at every threshold; the best one and those that are not worse by the paired difference of the rows' values."""
    cases = []
    for name, (s, _, y) in binary_cases().items():
        s, y = np.array(s), np.array(y)
        fpr, tpr, at = metrics.roc_curve(y, s, drop_intermediate=False) if 0 < y.sum() < len(y) else ([], [], [])
        precision, recall, cut = metrics.precision_recall_curve(y, s) if y.sum() else ([], [], [])
        case = {"name": name,
                "roc": [[float(a), float(b)] for a, b in zip(fpr, tpr)], "precisionRecall": [[float(r), float(p)] for p, r in zip(precision, recall)][:-1]}
        tp, fp, fn, tn = 50.0, -10.0, -100.0, 0.0
        every = [None, *sorted(set(s.tolist()), reverse=True)]
        gains = []
        for t in every:
            d = np.zeros(len(s), dtype=int) if t is None else (s >= t).astype(int)
            gains.append(np.where(d == 1, np.where(y == 1, tp, fp), np.where(y == 1, fn, tn)))
        means = [float(g.mean()) for g in gains]
        best = int(np.argmax(means))
        alike = []
        for i, g in enumerate(gains):
            difference = gains[best] - g
            if difference.mean() <= stats.norm.ppf(0.975) * difference.std() / np.sqrt(len(s)):
                alike.append(i)
        case["values"] = [[m, float(stats.sem(g)) if len(g) > 1 else None] for m, g in zip(means, gains)]
        case["best"] = {"threshold": every[best], "from": every[alike[-1]], "until": every[alike[0]]}
        cases.append(case)
    write("performance-threshold", "sklearn.metrics.roc_curve, precision_recall_curve; numpy and scipy.stats.sem over the rows' values",
          cases=cases)


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    binary()
    calibration()
    multiclass()
    regression()
    ranking()
    estimates()
    thresholds()
