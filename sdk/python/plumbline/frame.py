"""Many rows at once, column by column: each column becomes a list of JSON fragments, and one template joins them to rows."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii as quote
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

from .encode import ROW_BYTES_MAX, Note, as_mapping, clean_feature, encode_value, is_missing, number_token, plain
from .ids import iso_of_ms, now_ms, to_iso, uuid7s

Fragments = List[Optional[str]]


class PredictionColumns(NamedTuple):
    features: Optional[Sequence[str]] = None
    prediction: Optional[str] = None
    score: Optional[str] = None
    prediction_id: Optional[str] = None
    timestamp: Optional[str] = None
    entity_id: Optional[str] = None
    latency_ms: Optional[str] = None
    tags: Tuple[str, ...] = ()
    group_id: Optional[str] = None
    rank: Optional[str] = None
    weight: Optional[str] = None
    trace_id: Optional[str] = None
    ignore: Tuple[str, ...] = ()
    nan_as_null: Optional[bool] = None


class LabelColumns(NamedTuple):
    prediction_id: str = "prediction_id"
    label: str = "label"
    timestamp: Optional[str] = None


class OfflineColumns(NamedTuple):
    prediction_id: str = "prediction_id"
    timestamp: Optional[str] = None
    source: Optional[str] = None
    features: Optional[Sequence[str]] = None
    ignore: Tuple[str, ...] = ()
    nan_as_null: Optional[bool] = None


Columns = Union[PredictionColumns, LabelColumns, OfflineColumns]


class Chunk(NamedTuple):
    lines: List[str]
    ids: List[str]
    bad_count: int = 0
    bad_reason: str = ""
    altered_count: int = 0
    notes: Tuple[Note, ...] = ()


class Table(NamedTuple):
    columns: Dict[str, Any]
    row_count: int
    is_pandas: bool


class FrameEncoder:
    def __init__(
        self,
        columns: Columns,
        model: str,
        version: Optional[str],
        environment: str,
    ) -> None:
        self._columns = columns
        self._head = f'{{"model":{quote(model)},"environment":{quote(environment)}'
        if version is not None:
            self._head += f',"version":{quote(str(version))}'

    def chunks(self, frame: Any, row_count: int) -> Iterator[Chunk]:
        for table in _tables(frame, row_count):
            if isinstance(self._columns, LabelColumns):
                yield self._encode_labels(table, self._columns)
            elif isinstance(self._columns, OfflineColumns):
                yield self._encode_offline(table, self._columns)
            else:
                yield self._encode_predictions(table, self._columns)

    def _encode_predictions(self, table: Table, columns: PredictionColumns) -> Chunk:
        defaults = _named(table, columns)
        build = _Builder(self._head, table.row_count)
        ms = now_ms()
        ids = _ids(table, defaults["prediction_id"], ms)
        build.required('"prediction_id":', [quote(row_id) for row_id in ids])
        build.required('"timestamp":', _times(table, defaults["timestamp"], ms, build))
        names = columns.features if columns.features is not None else _unnamed(table, columns, defaults)
        _add_features(build, table, names, columns.nan_as_null)
        build.optional("prediction", _predictions(table, defaults["prediction"], columns.score, build))
        for key in ("latency_ms", "rank", "weight"):
            name = getattr(columns, key)
            if name is not None:
                build.optional(key, _numbers(_column(table, name), build, key))
        for key in ("entity_id", "group_id", "trace_id"):
            name = getattr(columns, key)
            if name is not None:
                build.optional(key, [None if _is_absent(v) else quote(_text(v)) for v in _values(table, name)])
        if columns.tags:
            build.optional("tags", _tags(table, columns.tags))
        return build.finish(ids)

    def _encode_labels(self, table: Table, columns: LabelColumns) -> Chunk:
        build = _Builder(self._head, table.row_count)
        ids = _add_given_ids(build, table, columns.prediction_id, "a label needs the id of its prediction")
        labels: Fragments = []
        for row, value in enumerate(_values(table, columns.label)):
            # A label that is not known yet is no error.
            labels.append(build.skip(row) if _is_absent(value) else _fragment(value, row, columns.label, build))
        build.required('"label":', labels)
        build.required('"label_timestamp":', _times(table, columns.timestamp, now_ms(), build))
        return build.finish(ids)


    def _encode_offline(self, table: Table, columns: OfflineColumns) -> Chunk:
        head = self._head if columns.source is None else f'{self._head},"source":{quote(columns.source)}'
        build = _Builder(head, table.row_count)
        ids = _add_given_ids(
            build, table, columns.prediction_id, "offline features need the id of their prediction"
        )
        build.required('"timestamp":', _times(table, columns.timestamp, now_ms(), build))
        taken = {columns.prediction_id, columns.timestamp, *columns.ignore}
        names = columns.features if columns.features is not None else [n for n in table.columns if n not in taken]
        _add_features(build, table, names, columns.nan_as_null)
        return build.finish(ids)


class _Builder:
    """Collects fragments by column; a None among required fragments leaves its row out."""

    def __init__(self, head: str, row_count: int) -> None:
        self._template = [_escaped(head)]
        self._columns: List[Sequence[Any]] = []
        self._row_count = row_count
        self._bad: Dict[int, str] = {}
        self._skipped: "set[int]" = set()
        self._altered: "set[int]" = set()
        self._notes: List[Note] = []

    def bad(self, row: int, reason: str) -> Optional[str]:
        self._bad.setdefault(row, reason)
        return None

    def skip(self, row: int) -> Optional[str]:
        self._skipped.add(row)
        return None

    def note(self, row: int, path: str, words: str) -> None:
        self._altered.add(row)
        if not self._notes:
            self._notes.append((path, words))

    def required(self, key: str, fragments: Fragments) -> None:
        self._template.append(f",{_escaped(key)}%s")
        self._columns.append(fragments)

    def features(self, names: Sequence[str], columns: List[Fragments]) -> None:
        keys = ",".join(f"{_escaped(quote(str(name)))}:%s" for name in names)
        self._template.append(f',"features":{{{keys}}}')
        self._columns.extend(columns)

    def optional(self, key: str, fragments: Optional[Fragments]) -> None:
        if fragments is None:
            return
        self._template.append("%s")
        self._columns.append(["" if item is None else f',"{key}":{item}' for item in fragments])

    def finish(self, ids: List[str]) -> Chunk:
        template = "".join(self._template) + "}"
        lines = list(map(template.__mod__, zip(*self._columns)))
        for row, line in enumerate(lines):
            if len(line) > ROW_BYTES_MAX:
                self.bad(row, f"the row has {len(line)} bytes, {ROW_BYTES_MAX} are allowed")
        left_out = self._skipped.union(self._bad)
        if left_out:
            lines = [line for row, line in enumerate(lines) if row not in left_out]
        reason = ""
        if self._bad:
            first = min(self._bad)
            reason = f"row {first}: {self._bad[first]}"
        return Chunk(lines, ids, len(self._bad), reason, len(self._altered), tuple(self._notes))


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


# --- what counts as a frame ---------------------------------------------------------------------------------------


def _tables(frame: Any, size: int) -> Iterator[Table]:
    module = type(frame).__module__.partition(".")[0]
    if module == "pandas" and hasattr(frame, "iloc"):
        for start in range(0, len(frame), size):
            part = frame.iloc[start : start + size]
            # By position: two columns of one name must not become a frame of their own.
            yield Table({str(n): part.iloc[:, at] for at, n in enumerate(part.columns)}, len(part), True)
        return
    if module != "pyarrow" and hasattr(frame, "to_arrow"):
        frame = frame.to_arrow()
        module = "pyarrow"
    if module == "pyarrow":
        names = frame.schema.names
        for start in range(0, frame.num_rows, size):
            part = frame.slice(start, size)
            yield Table({n: part.column(at) for at, n in enumerate(names)}, part.num_rows, False)
        return
    if isinstance(frame, Mapping):
        columns = {str(name): values for name, values in frame.items()}
        counts = {len(values) for values in columns.values()}
        if len(counts) > 1:
            raise ValueError(f"the columns have different lengths: {sorted(counts)}")
        for start in range(0, counts.pop() if counts else 0, size):
            part = {name: _sliced(values, start, size) for name, values in columns.items()}
            yield Table(part, len(next(iter(part.values()))), False)
        return
    rows = iter(frame)
    while True:
        taken = [as_mapping(row) for row in itertools.islice(rows, size)]
        if not taken:
            return
        yield from _tables_of_rows(taken)


def _sliced(values: Any, start: int, size: int) -> Any:
    positional = getattr(values, "iloc", None)
    return (values if positional is None else positional)[start : start + size]


def _tables_of_rows(rows: List[Dict[str, Any]]) -> Iterator[Table]:
    """Neighbours with the same keys make one table: a key that a row lacks must stay absent, not turn null."""
    for keys, group in itertools.groupby(rows, key=tuple):
        members = list(group)
        columns = {str(key): [row[key] for row in members] for key in keys}
        yield Table(columns, len(members), False)


def _column(table: Table, name: str) -> Any:
    try:
        return table.columns[name]
    except KeyError:
        known = ", ".join(list(table.columns)[:20])
        raise KeyError(f"there is no column {name!r}; there are {known}") from None


def _named(table: Table, columns: PredictionColumns) -> Dict[str, Optional[str]]:
    found: Dict[str, Optional[str]] = {}
    for key in ("prediction", "prediction_id", "timestamp"):
        given = getattr(columns, key)
        is_feature = columns.features is not None and key in columns.features
        found[key] = given if given is not None else (key if key in table.columns and not is_feature else None)
    return found


def _unnamed(table: Table, columns: PredictionColumns, defaults: Dict[str, Optional[str]]) -> List[str]:
    taken = {
        *defaults.values(),
        *columns.tags,
        *columns.ignore,
        columns.score,
        columns.entity_id,
        columns.latency_ms,
        columns.group_id,
        columns.rank,
        columns.weight,
        columns.trace_id,
    }
    return [name for name in table.columns if name not in taken]


# --- columns to fragments -----------------------------------------------------------------------------------------


def _add_given_ids(build: _Builder, table: Table, name: str, otherwise: str) -> List[str]:
    ids = ["" if _is_absent(v) else _text(v) for v in _values(table, name)]
    build.required('"prediction_id":', [quote(i) if i else build.bad(row, otherwise) for row, i in enumerate(ids)])
    return ids


def _add_features(build: _Builder, table: Table, names: Sequence[str], nan_as_null: Optional[bool]) -> None:
    as_null = table.is_pandas if nan_as_null is None else nan_as_null
    build.features(names, [_feature_fragments(_column(table, name), as_null, build, name) for name in names])


def _feature_fragments(column: Any, nan_as_null: bool, build: _Builder, name: str) -> Fragments:
    fast = _typed_fragments(column, nan_as_null)
    if fast is not None:
        return fast
    return _generic(column, name, build, nan_as_null)


def _generic(column: Any, name: str, build: _Builder, nan_as_null: bool) -> Fragments:
    path = f"features.{name}"
    fragments: Fragments = []
    append = fragments.append
    for row, value in enumerate(_list_of(column)):
        kind = type(value)
        if kind is str:
            append(quote(value))
        elif kind is float:
            if math.isfinite(value):
                append(repr(value))
            else:
                append("null" if nan_as_null and value != value else f'"{number_token(value)}"')
        elif kind is int:
            append(str(value))
        elif value is None:
            append("null")
        else:
            append(_fragment(value, row, path, build))
    return fragments


def _typed_fragments(column: Any, nan_as_null: bool) -> Optional[Fragments]:
    """Without a test for each value, where the column's type allows it; None where it does not."""
    if hasattr(column, "cat"):
        return _categorical(column)
    dtype = getattr(column, "dtype", None)
    kind = getattr(dtype, "kind", None)
    if kind is not None and type(dtype).__module__.startswith("numpy") and hasattr(column, "tolist"):
        return _numpy_fragments(column, kind, nan_as_null)
    arrow_type = getattr(column, "type", None)
    if arrow_type is not None and hasattr(column, "null_count") and column.null_count == 0:
        name = str(arrow_type)
        if name in ("float", "double") or name.startswith(("int", "uint")):
            values = column.to_numpy() if hasattr(column, "chunks") else column.to_numpy(zero_copy_only=False)
            return _numpy_fragments(values, values.dtype.kind, nan_as_null)
    return None


def _numpy_fragments(column: Any, kind: str, nan_as_null: bool) -> Optional[Fragments]:
    if getattr(column, "ndim", 1) != 1:
        return None
    if kind == "f" and column.dtype.itemsize <= 8:
        fragments: Fragments = list(map(float.__repr__, column.tolist()))
        # Comparisons alone: arithmetic on infinities would warn in the caller's process.
        odd = (column != column) | (column == math.inf) | (column == -math.inf)
        odd = getattr(odd, "values", odd)
        for row in odd.nonzero()[0].tolist():
            text = fragments[row]
            if text == "nan":
                fragments[row] = "null" if nan_as_null else '"NaN"'
            else:
                fragments[row] = '"-Infinity"' if text and text[0] == "-" else '"Infinity"'
        return fragments
    if kind in ("i", "u"):
        return list(map(str, column.tolist()))
    if kind == "b":
        return ["true" if value else "false" for value in column.tolist()]
    if kind == "M":
        values = getattr(column, "values", column)
        return ["null" if ms is None else f'"{iso_of_ms(ms)}"' for ms in _milliseconds(values)]
    return None


def _milliseconds(values: Any) -> Iterator[Optional[int]]:
    for ms in values.astype("datetime64[ms]").astype("int64").tolist():
        yield None if ms == -(2**63) else ms


def _categorical(column: Any) -> Optional[Fragments]:
    categories: List[str] = []
    for value in column.cat.categories.tolist():
        try:
            cleaned = clean_feature(value)
        except (TypeError, ValueError):
            return None
        categories.append(encode_value(cleaned))
    # A code of -1 means missing, and finds the last item of this list.
    categories.append("null")
    return [categories[code] for code in column.cat.codes.tolist()]


def _list_of(column: Any) -> Iterable[Any]:
    if getattr(getattr(column, "dtype", None), "kind", None) == "m" and not hasattr(column, "iloc"):
        # numpy's tolist() would turn durations into bare integers of whatever unit they had.
        return list(column)
    for name in ("to_pylist", "tolist"):
        convert = getattr(column, name, None)
        if callable(convert):
            return convert()
    return column


def _fragment(value: Any, row: int, path: str, build: _Builder) -> Optional[str]:
    try:
        return encode_value(clean_feature(value))
    except (TypeError, ValueError, RecursionError) as error:
        return build.bad(row, f"{path}: {error}")


# --- columns with a meaning ---------------------------------------------------------------------------------------


def _values(table: Table, name: str) -> Iterable[Any]:
    return _list_of(_column(table, name))


def _is_absent(value: Any) -> bool:
    return is_missing(value) or (isinstance(value, float) and value != value)


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    try:
        found = plain(value)
    except (TypeError, ValueError):
        found = value
    return found if isinstance(found, str) else str(found)


def _ids(table: Table, name: Optional[str], ms: int) -> List[str]:
    if name is None:
        return uuid7s(ms, table.row_count)
    given = list(_values(table, name))
    minted = iter(uuid7s(ms, sum(1 for value in given if _is_absent(value))))
    return [next(minted) if _is_absent(value) else _text(value) for value in given]


def _times(table: Table, name: Optional[str], ms: int, build: _Builder) -> Fragments:
    if name is None:
        return [f'"{iso_of_ms(ms)}"'] * table.row_count
    column = _column(table, name)
    fast = _typed_fragments(column, True) if getattr(getattr(column, "dtype", None), "kind", None) == "M" else None
    if fast is not None:
        return [
            build.bad(row, f"{name}: a time is missing") if item == "null" else item
            for row, item in enumerate(fast)
        ]
    fragments: Fragments = []
    for row, value in enumerate(_list_of(column)):
        try:
            fragments.append(quote(to_iso(value)))
        except (TypeError, ValueError, OverflowError) as error:
            fragments.append(build.bad(row, f"{name}: {error}"))
    return fragments


def _numbers(column: Any, build: _Builder, path: str) -> Fragments:
    fragments: Fragments = []
    for row, value in enumerate(_list_of(column)):
        if _is_absent(value):
            fragments.append(None)
            continue
        text = _fragment(value, row, path, build)
        if text in ('"Infinity"', '"-Infinity"'):
            build.note(row, path, "is not a finite number")
            text = None
        fragments.append(text)
    return fragments


def _predictions(
    table: Table, name: Optional[str], score: Optional[str], build: _Builder
) -> Optional[Fragments]:
    if name is None and score is None:
        return None
    answers: Fragments = [None] * table.row_count
    if name is not None:
        answers = _predicted(_column(table, name), name, build)
    if score is None:
        return answers
    scores = _numbers(_column(table, score), build, "prediction.score")
    joined: Fragments = []
    for answer, number in zip(answers, scores):
        if number is None:
            joined.append(answer)
            continue
        key = "label" if answer is not None and answer[0] in '"tf' else "value"
        joined.append(f'{{"score":{number}}}' if answer is None else f'{{"{key}":{answer},"score":{number}}}')
    return joined


def _predicted(column: Any, name: str, build: _Builder) -> Fragments:
    fragments: Fragments = []
    for row, value in enumerate(_list_of(column)):
        if isinstance(value, float) and not math.isfinite(value):
            build.note(row, name, "is not a finite number")
            fragments.append(None)
        elif is_missing(value):
            fragments.append(None)
        else:
            fragments.append(_fragment(value, row, name, build))
    return fragments


def _tags(table: Table, names: Sequence[str]) -> Fragments:
    columns = [list(_values(table, name)) for name in names]
    keys = [quote(str(name)) for name in names]
    return [
        "{"
        + ",".join(f"{key}:{quote(_text(value))}" for key, value in zip(keys, row) if not _is_absent(value))
        + "}"
        for row in zip(*columns)
    ]
