import type { ScheduleDetail } from "#lib/api/schedule.ts";
import type { Rotation, ScheduleDefinition } from "#lib/domain/schedule.ts";
import { startOfDay, wallOf } from "#lib/rules/wall-clock.ts";
import { readMinute, sayMinute } from "./say-weekly.ts";

/** What was typed into the editor of a schedule's lowest layer. */
export interface ScheduleDraft {
  name: string;
  timeZone: string;
  unit: Rotation["unit"];
  every: string;
  handover: string;
  startsOn: string;
  participants: string[];
}

export function draftSchedule(
  schedule: ScheduleDetail | null,
  zone: string,
  nowMs: number,
): ScheduleDraft {
  const layer = schedule?.definition.layers[0];
  if (schedule === null || layer === undefined)
    return {
      name: "",
      timeZone: zone,
      unit: "week",
      every: "1",
      handover: "09:00",
      startsOn: new Date(startOfDay(wallOf(zone, nowMs))).toISOString().slice(0, 10),
      participants: [],
    };
  const { rotation, participants } = layer;
  return {
    name: schedule.name,
    timeZone: schedule.definition.timeZone,
    unit: rotation.unit,
    every: String(rotation.every),
    handover: sayMinute(rotation.handoverMinute),
    startsOn: rotation.startsOn,
    participants: [...participants],
  };
}

/** What a draft asks for, its upper layers as they were; null where something of it is missing. */
export function readSchedule(
  draft: ScheduleDraft,
  before: ScheduleDefinition | null,
): { name: string; definition: ScheduleDefinition } | null {
  const handoverMinute = readMinute(draft.handover);
  const every = Number(draft.every);
  const name = draft.name.trim();
  const isWhole =
    name !== "" &&
    draft.timeZone.trim() !== "" &&
    Number.isInteger(every) &&
    every >= 1 &&
    draft.startsOn !== "" &&
    draft.participants.length > 0;
  if (!isWhole || handoverMinute === null || handoverMinute === 1_440) return null;
  const { unit, startsOn, participants } = draft;
  const lowest = {
    name: before?.layers[0]?.name ?? "Rotation",
    participants,
    rotation: { unit, every, startsOn, handoverMinute },
    windows: [],
  };
  const layers = [lowest, ...(before?.layers.slice(1) ?? [])];
  return { name, definition: { timeZone: draft.timeZone.trim(), layers } };
}
