import type { Rotation, Schedule, ScheduleLayer } from "#lib/domain/schedule.ts";
import { dayMs, hourMs, instantOf, minuteMs, wallOf } from "./wall-clock.ts";
import { openIntervals } from "./weekly-windows.ts";

/** Who is on call, and by what: the name of a layer, or null where somebody stands in. */
export interface Duty {
  userId: string;
  layer: string | null;
}

export interface Shift extends Duty {
  fromTime: Date;
  untilTime: Date;
}

/** Exactly one person at every instant, before the first hand-over too: a rotation goes on backwards. */
export function whoIsOnCall(schedule: Schedule, at: Date): Duty {
  const override = schedule.overrides.findLast(
    ({ fromTime, untilTime }) => fromTime <= at && at < untilTime,
  );
  if (override !== undefined) return { userId: override.userId, layer: null };
  const timeMs = at.getTime();
  const layer =
    schedule.layers.findLast((one) => isOpen(one, schedule.timeZone, timeMs)) ?? lowest(schedule);
  return { userId: participantAt(layer, schedule.timeZone, timeMs), layer: layer.name };
}

/** Everyone's turns between two instants, in order, without a gap or an overlap; neighbours of one person by one rule are one. */
export function shiftsBetween(schedule: Schedule, fromTime: Date, untilTime: Date): Shift[] {
  const shifts: Shift[] = [];
  const edges = edgesBetween(schedule, fromTime.getTime(), untilTime.getTime());
  for (const [index, fromMs] of edges.slice(0, -1).entries()) {
    const from = new Date(fromMs);
    const until = new Date(edges[index + 1] ?? fromMs);
    const duty = whoIsOnCall(schedule, from);
    const last = shifts.at(-1);
    if (last !== undefined && last.userId === duty.userId && last.layer === duty.layer)
      last.untilTime = until;
    else shifts.push({ ...duty, fromTime: from, untilTime: until });
  }
  return shifts;
}

/** Every instant at which somebody else may take over, both ends included. */
function edgesBetween(schedule: Schedule, fromMs: number, untilMs: number): number[] {
  if (untilMs <= fromMs) return [];
  const { layers, overrides, timeZone } = schedule;
  const edges = new Set([fromMs, untilMs]);
  const add = (ms: number) => {
    if (ms > fromMs && ms < untilMs) edges.add(ms);
  };
  for (const override of overrides) {
    add(override.fromTime.getTime());
    add(override.untilTime.getTime());
  }
  for (const { rotation, windows } of layers) {
    let turn = turnAt(rotation, timeZone, fromMs);
    for (let at = fromMs; at < untilMs; turn += 1) {
      at = startOfTurn(rotation, timeZone, turn);
      add(at);
    }
    for (const open of openIntervals(windows, timeZone, { fromMs, untilMs })) {
      add(open.fromMs);
      add(open.untilMs);
    }
  }
  return [...edges].sort((a, b) => a - b);
}

function isOpen({ windows }: ScheduleLayer, zone: string, timeMs: number): boolean {
  if (windows.length === 0) return true;
  return openIntervals(windows, zone, { fromMs: timeMs, untilMs: timeMs + 1 }).length > 0;
}

function lowest({ layers }: Schedule): ScheduleLayer {
  const [layer] = layers;
  if (layer === undefined) throw new Error("A schedule has at least one layer.");
  return layer;
}

function participantAt(layer: ScheduleLayer, zone: string, timeMs: number): string {
  const { participants, rotation } = layer;
  const count = participants.length;
  const turn = turnAt(rotation, zone, timeMs);
  const userId = participants[((turn % count) + count) % count];
  if (userId === undefined) throw new Error("A layer has at least one participant.");
  return userId;
}

const unitMs = { hour: hourMs, day: dayMs, week: 7 * dayMs } as const;

/** Which turn it is, 0 the one that begins on the first day. The calendar says nearly which, the instants of hand-over say which. */
function turnAt(rotation: Rotation, zone: string, timeMs: number): number {
  const firstWallMs = wallOfTurn(rotation, 0);
  const lengthMs = wallOfTurn(rotation, 1) - firstWallMs;
  let turn = Math.floor((wallOf(zone, timeMs) - firstWallMs) / lengthMs);
  while (startOfTurn(rotation, zone, turn) > timeMs) turn -= 1;
  while (startOfTurn(rotation, zone, turn + 1) <= timeMs) turn += 1;
  return turn;
}

const startOfTurn = (rotation: Rotation, zone: string, turn: number): number =>
  instantOf(zone, wallOfTurn(rotation, turn));

/** Hand-overs are by the clock on the wall: at nine in summer and in winter, and an hour's shift that the clock leaves out has no
 *  length. */
function wallOfTurn({ unit, every, startsOn, handoverMinute }: Rotation, turn: number): number {
  const first = Date.parse(`${startsOn}T00:00:00Z`) + handoverMinute * minuteMs;
  return first + turn * every * unitMs[unit];
}
