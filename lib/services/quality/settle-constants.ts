import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { Constancy, EarlierWindow } from "#lib/stats/quality/constancy.ts";
import { earlierOffsets, judgeConstancy } from "#lib/stats/quality/constancy.ts";
import { settleConstant } from "#lib/stats/quality/quality-checks.ts";
import { countValues, findDominant } from "#lib/stats/quality/quality-counts.ts";
import { isVarietyGone, judgeQuality } from "#lib/stats/quality/quality-verdict.ts";
import type { ServiceContext } from "../context.ts";
import { readAsType } from "../drift/read-as-type.ts";
import { isKept } from "../profile/cover-window.ts";
import type { StretchScope } from "../profile/read-stretches.ts";
import { readStretches, timesOf } from "../profile/read-stretches.ts";
import { keyName } from "../profile/sum-profiles.ts";
import type { QualityAnswer, QualityKey } from "./ask-keys.ts";

type ReadContext = Pick<ServiceContext, "ch" | "signal">;

export interface ConstantKeys {
  window: WindowTimes;
  keys: readonly QualityKey[];
}

/** Of keys that are one value in some windows, by window and then by name, whether they are stuck: each is held against what the feature
 *  was in windows of that length before. Those that share an earlier window share the reading of it. */
export async function readConstancies(
  ctx: ReadContext,
  scope: StretchScope,
  asked: readonly ConstantKeys[],
): Promise<ReadonlyMap<string, Constancy>[]> {
  const earlier = asked.map(({ window, keys }) =>
    keys.length === 0 ? [] : earlierWindows(window, scope.now),
  );
  const stretches = new Map(earlier.flat().map(({ window }) => [timesOf(window), window] as const));
  const keys = asked.flatMap((one) => one.keys);
  const features = [...new Set(keys.map(({ feature }) => feature))];
  const read = await readStretches(ctx, scope, [...stretches.values()], {
    subjects: [...new Set(keys.map(({ subject }) => subject))],
    features,
    keysMax: features.length,
  });
  const profilesOf = new Map(
    [...stretches.keys()].map((times, i) => [
      times,
      new Map((read[i] ?? []).map((key) => [keyName(key), key.profile])),
    ]),
  );
  return asked.map(({ window, keys: own }, i) => {
    const lengthMs = window.untilTime.getTime() - window.fromTime.getTime();
    return new Map(
      own.map((key) => {
        const seen = (earlier[i] ?? []).flatMap(({ ageMs, window: before }): EarlierWindow[] => {
          const profile = profilesOf.get(timesOf(before))?.get(keyName(key));
          if (profile === undefined) return [];
          const dominant = findDominant(readAsType(profile, key.type));
          return [{ ageMs, valueCount: countValues(profile), dominant }];
        });
        const name = key.asked.window.dominant?.name ?? "";
        return [keyName(key), judgeConstancy(name, seen, lengthMs)];
      }),
    );
  });
}

/** Windows of a length before this one, cut so that few buckets cover them, as far as they can still be told. */
function earlierWindows(
  { fromTime, untilTime }: WindowTimes,
  now: Date,
): { ageMs: number; window: WindowTimes }[] {
  const exactMs = untilTime.getTime() - fromTime.getTime();
  const grain = exactMs < grainMs["1h"] ? grainMs["5m"] : grainMs["1h"];
  const lengthMs = Math.ceil(exactMs / grain) * grain;
  return earlierOffsets(lengthMs).flatMap((ageMs) => {
    const fromMs = Math.floor((fromTime.getTime() - ageMs) / grain) * grain;
    const window = { fromTime: new Date(fromMs), untilTime: new Date(fromMs + lengthMs) };
    return isKept(window, now) ? [{ ageMs, window }] : [];
  });
}

/** The answers of some windows, without what the calendar explains of a value that is one all through. */
export async function settleConstants(
  ctx: ReadContext,
  scope: StretchScope,
  asked: readonly { window: WindowTimes; answer: QualityAnswer }[],
): Promise<QualityAnswer[]> {
  const constant = asked.map(({ window, answer }) => ({ window, keys: listConstant(answer) }));
  if (constant.every(({ keys }) => keys.length === 0)) return asked.map(({ answer }) => answer);
  const constancies = await readConstancies(ctx, scope, constant);
  return asked.map(({ answer }, i) => applyConstancies(answer, constancies[i] ?? new Map()));
}

export const listConstant = ({ keys }: QualityAnswer): QualityKey[] =>
  keys.filter(({ asked: { checks } }) => checks.some(isVarietyGone));

/** An answer judged anew, with what is known of its keys that are one value. */
export function applyConstancies(
  answer: QualityAnswer,
  constancies: ReadonlyMap<string, Constancy>,
): QualityAnswer {
  if (constancies.size === 0) return answer;
  const keys = answer.keys.map((key) => {
    const constancy = constancies.get(keyName(key));
    if (constancy === undefined || !key.asked.checks.some(isVarietyGone)) return key;
    const checks = settleConstant(key.asked.checks, constancy);
    return { ...key, asked: { ...key.asked, checks } };
  });
  const judged = judgeQuality(keys.map((key) => key.asked.checks));
  return { ...answer, keys: keys.map((key, i) => ({ ...key, quality: judged[i] ?? key.quality })) };
}
