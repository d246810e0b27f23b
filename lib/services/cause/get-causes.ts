import type { z } from "zod";
import type { causeSchema } from "#lib/api/cause.ts";
import { causeInput, causeOutput } from "#lib/api/cause.ts";
import { describeCause, describeQuality } from "#lib/charts/describe-cause.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { FeatureType, ProfileSubject } from "#lib/domain/model.ts";
import type { Cause } from "#lib/stats/causes/cause.ts";
import type { Explanation } from "#lib/stats/causes/explain-move.ts";
import { explainMove } from "#lib/stats/causes/explain-move.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { mergeFeatureProfiles } from "#lib/stats/feature-profile.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { explainLack } from "../drift/explain-lack.ts";
import { absentProfile, readWindowSide } from "../drift/profile-side.ts";
import { readAsType } from "../drift/read-as-type.ts";
import { readReference } from "../drift/read-reference.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import type { WindowPiece } from "../profile/cover-window.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { keyName } from "../profile/sum-profiles.ts";
import type { Since } from "./find-since.ts";
import { findSince } from "./find-since.ts";
import { readRepeats } from "./read-repeats.ts";
import type { Series } from "./read-series.ts";
import { readSeries } from "./read-series.ts";

const dayMs = grainMs["1d"];
/** Buckets of one feature that a page may wait for. */
const bucketsMax = 400;
const historyCount = 4;
const rowCountMin = 100;

/** What simple fault explains how one feature, or the prediction, differs from its reference in a window, and since when. */
export const getCauses = defineService({
  name: "getCauses",
  role: "viewer",
  input: causeInput,
  output: causeOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const key = { subject: input.subject, feature: input.feature };
    const reference = await readReference(ctx, scope, input, [input.feature]);
    const said = {
      model: scope.model,
      environment: scope.environment,
      version: scope.version,
      segment: scope.segment ?? null,
      ...key,
      from: scope.window.fromTime.toISOString(),
      until: scope.window.untilTime.toISOString(),
      reference: reference?.described ?? null,
    };
    const there = reference?.side.keys.find((one) => keyName(one) === keyName(key))?.profile;
    if (reference === null || there === undefined)
      return {
        ...said,
        verdict: "cannot_say" as const,
        sentence: `There is nothing to compare ${input.feature} with: ${reference === null ? await explainLack(ctx, scope, input) : "the reference does not have it"}.`,
        causes: [],
        since: null,
        rowCount: 0,
        referenceCount: 0,
      };
    const type = scope.types.get(input.feature) ?? guessType(there);
    const baseline = readAsType(there, type);
    const series = await readRecent(ctx, scope, key);
    const since = await findSinceClosely(ctx, scope, key, type, baseline, series);
    const { window, fromMs } = await readSince(ctx, scope, key, series, since);
    const read = readAsType(window, type);
    const [history, repeats] = await Promise.all([
      readHistory(ctx, scope, key, type, fromMs),
      key.subject === "feature"
        ? readRepeats(ctx, scope, key.feature, type, {
            fromMs,
            untilMs: scope.window.untilTime.getTime(),
            rowCount: read.rowCount,
          })
        : null,
    ]);
    const kind = type === "numeric" ? "numeric" : "categorical";
    const explained = explainMove({ kind, baseline, window: read, history, repeats });
    return {
      ...said,
      verdict: explained.kind,
      sentence: sentenceOf(input.feature === "" ? input.subject : input.feature, explained, since),
      causes: explained.kind === "causes" ? explained.causes.map(toNamedCause) : [],
      since:
        since === null || explained.kind === "no_move"
          ? null
          : {
              at: new Date(since.atMs).toISOString(),
              earliest: new Date(since.earliestMs).toISOString(),
              latest: new Date(since.latestMs).toISOString(),
            },
      rowCount: read.rowCount,
      referenceCount: baseline.rowCount,
    };
  },
});

type Key = { subject: ProfileSubject; feature: string };
type ReadContext = Pick<ServiceContext, "ch" | "signal">;

/** The window and as much again before it, at least a day, in the finest buckets that are few enough. */
function readRecent(ctx: ReadContext, scope: ResolvedScope, key: Key): Promise<Series> {
  const fromMs = scope.window.fromTime.getTime();
  const untilMs = scope.window.untilTime.getTime();
  const leadMs = Math.max(dayMs, untilMs - fromMs);
  const span = { fromMs: fromMs - leadMs, untilMs };
  const grain: Grain = (untilMs - span.fromMs) / grainMs["1h"] <= bucketsMax ? "1h" : "1d";
  return readSeries(ctx, scope, key, { grain, ...span });
}

/** By the hour first; then, as long as five minutes are kept, within the hours about the change. */
async function findSinceClosely(
  ctx: ReadContext,
  scope: ResolvedScope,
  key: Key,
  type: FeatureType,
  reference: FeatureProfile,
  series: Series,
): Promise<Since | null> {
  const coarse = findSince(series, type, reference);
  if (coarse === null || coarse.grain !== "1h") return coarse;
  const hourMs = grainMs["1h"];
  const fine = await readSeries(ctx, scope, key, {
    grain: "5m",
    fromMs: coarse.earliestMs - 2 * hourMs,
    untilMs: Math.min(coarse.latestMs + 2 * hourMs, scope.window.untilTime.getTime()),
  });
  return findSince(fine, type, reference) ?? coarse;
}

/** The part of the window since the change, if it began within it and left rows enough; else all of it. */
async function readSince(
  ctx: ReadContext,
  scope: ResolvedScope,
  key: Key,
  series: Series,
  since: Since | null,
): Promise<{ window: FeatureProfile; fromMs: number }> {
  const windowFromMs = scope.window.fromTime.getTime();
  if (since !== null && since.atMs > windowFromMs) {
    // Whole buckets after the change: the one in which it began is a mixture.
    const width = grainMs[series.grain];
    const fromMs = Math.ceil(since.atMs / width) * width;
    const after = series.profiles.filter((_, i) => (series.starts[i] ?? 0) >= fromMs);
    const window = mergeFeatureProfiles(after);
    if (window.rowCount >= rowCountMin) return { window, fromMs };
  }
  const window = await readKey(ctx, scope, key, scope.window.pieces);
  return { window, fromMs: windowFromMs };
}

async function readKey(
  ctx: ReadContext,
  scope: ResolvedScope,
  key: Key,
  pieces: readonly WindowPiece[],
): Promise<FeatureProfile> {
  const options = { features: [key.feature], signal: ctx.signal };
  const side = await readWindowSide(ctx.ch, scope, pieces, options);
  const found = side.keys.find((one) => keyName(one) === keyName(key));
  return found?.profile ?? absentProfile(side.rowCount);
}

/** The same hours of the days before, as far back as it takes to miss the window. */
async function readHistory(
  ctx: ReadContext,
  scope: ResolvedScope,
  key: Key,
  type: FeatureType,
  fromMs: number,
): Promise<FeatureProfile[]> {
  const untilMs = scope.window.untilTime.getTime();
  const stepMs = Math.ceil((untilMs - fromMs) / dayMs) * dayMs;
  const stretches = Array.from({ length: historyCount }, (_, i) => (historyCount - i) * stepMs);
  return Promise.all(
    stretches.map(async (backMs) => {
      const { pieces } = coverWindow(
        new Date(fromMs - backMs),
        new Date(untilMs - backMs),
        scope.now,
      );
      return readAsType(await readKey(ctx, scope, key, pieces), type);
    }),
  );
}

function guessType(profile: FeatureProfile): FeatureType {
  return profile.numericCount >= profile.stringCount + profile.booleanCount
    ? "numeric"
    : "categorical";
}

function toNamedCause(cause: Cause): z.input<typeof causeSchema> {
  const { kind, ...figures } = cause.fault;
  const parameters = Object.entries(figures).flatMap(([name, value]): [string, string][] =>
    typeof value === "number" || typeof value === "string" ? [[name, String(value)]] : [],
  );
  const pairs = cause.fault.kind === "relabelled" ? cause.fault.pairs : [];
  return {
    kind,
    phrase: describeCause(cause.fault),
    quality: cause.quality,
    parameters: Object.fromEntries(parameters),
    pairs: pairs.map(([from, to]) => ({ from, to })),
    residual: {
      distance: cause.residual.distance,
      nullExpectation: cause.residual.nullExpectation,
      isWithinNoise: cause.residual.isWithinNoise,
    },
  };
}

function sentenceOf(name: string, explained: Explanation, since: Since | null): string {
  switch (explained.kind) {
    case "causes": {
      const [first] = explained.causes;
      if (first === undefined) return `No simple fault explains how ${name} moved.`;
      const when = since === null ? "" : ` since ${formatUtc(since.atMs)}`;
      const quality = describeQuality(first);
      return `${name} ${describeCause(first.fault)}${when}${quality === "" ? "" : `; ${quality}`}.`;
    }
    case "no_simple_cause":
      return `${name} moved${since === null ? "" : ` at ${formatUtc(since.atMs)}`}, and no simple fault explains it.`;
    case "no_move":
      return `${name} has not moved beyond noise and what is negligible.`;
    case "cannot_say":
      return `Cannot say what moved ${name}: ${explained.have} rows, ${explained.needed} needed.`;
  }
}

const formatUtc = (ms: number) =>
  `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
