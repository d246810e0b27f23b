"""Writes lib/rules/reference/on-call.json: what the standard library's zoneinfo answers for wall clocks and rotations.

    python scripts/on-call-reference.py

Nothing here reads the product's code. Both changes of 2026 in three zones: one hour in the north, one hour west of it,
half an hour in the south. A time that does not exist, or exists twice, is read with fold=0, as PEP 495 defines it.
"""

import json
import platform
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

TARGET = Path(__file__).resolve().parent.parent / "lib" / "rules" / "reference" / "on-call.json"

CHANGES = {
    "Europe/Berlin": [datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1)],
    "America/New_York": [datetime(2026, 3, 8, 7), datetime(2026, 11, 1, 6)],
    "Australia/Lord_Howe": [datetime(2026, 4, 4, 15), datetime(2026, 10, 3, 15, 30)],
}
# Unit, every, hand-over in minutes; 02:15 falls into what each zone leaves out or repeats.
ROTATIONS = [("day", 1, 9 * 60), ("day", 1, 135), ("week", 1, 9 * 60), ("hour", 8, 135), ("hour", 1, 0), ("hour", 12, 20 * 60)]
HOURS = {"hour": 1, "day": 24, "week": 168}


def iso(moment):
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(zone, wall):
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(timezone.utc)


def walls(zone, change):
    local = change.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    start = datetime.combine(local.date(), time()) - timedelta(hours=1)
    for quarter in range(4 * 8):
        wall = start + timedelta(minutes=15 * quarter)
        yield [wall.strftime("%Y-%m-%dT%H:%M:%SZ"), iso(instant(zone, wall))]


def shifts(zone, change, unit, every, handover):
    """Three days before the change until three days after it, by three people; turns without a length are left out."""
    first = date(2026, 1, 5)
    from_time = (change - timedelta(days=3)).replace(tzinfo=timezone.utc)
    until_time = (change + timedelta(days=3)).replace(tzinfo=timezone.utc)
    step = timedelta(hours=every * HOURS[unit])
    base = datetime.combine(first, time()) + timedelta(minutes=handover)
    starts = []
    wall, turn = base, 0
    while wall - timedelta(days=14) < until_time.replace(tzinfo=None):
        starts.append((instant(zone, wall), turn % 3))
        wall, turn = wall + step, turn + 1
    found = []
    for (start, who), (end, _) in zip(starts, starts[1:]):
        begin, finish = max(start, from_time), min(end, until_time)
        if begin < finish:
            found.append([who, iso(begin), iso(finish)])
    return {"from": iso(from_time), "until": iso(until_time), "starts_on": first.isoformat(), "unit": unit, "every": every,
            "handover_minute": handover, "shifts": found}


cases = [{"zone": zone, "change": change.strftime("%Y-%m-%dT%H:%M:%SZ"), "walls": list(walls(zone, change)),
          "rotations": [shifts(zone, change, *rotation) for rotation in ROTATIONS]}
         for zone, changes in CHANGES.items() for change in changes]
TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text(json.dumps({"python": platform.python_version(), "cases": cases}, separators=(",", ":")) + "\n")
