import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { baselineProfiles } from "#db/clickhouse/queries/baseline-profiles.ts";
import { windowProfiles } from "#db/clickhouse/queries/window-profiles.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import type { DriftReferenceQuery, FeatureDrift } from "#lib/api/drift.ts";
import type { FeatureType, Task } from "#lib/domain/model.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { coverHours } from "../profile/cover-hours.ts";
import { sumAllProfiles } from "../profile/sum-profiles.ts";
import type { KeyedProfile, ProfileSide } from "./profile-side.ts";
import { readWindowSide } from "./profile-side.ts";
import type { Reference } from "./read-reference.ts";
import { readReference } from "./read-reference.ts";

type Context = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

/** How many of a window's predictions have their label. */
export interface LabelCoverage {
  rowCount: number;
  labelledCount: number;
}

export interface LabelledWindow {
  window: ProfileSide;
  /** Of the window; null where it has no label, or where its rows are still being profiled and the labels are ahead of them. */
  coverage: LabelCoverage | null;
}

/** Both sides of a question, with their labels beside the features and outputs: by the time of their predictions, in whole hours.
 *  Rows without a label are not missing values: their labels are still to come. Labels are profiled of all rows only: a
 *  segment has none. */
export async function readLabelledSides(
  ctx: Context,
  scope: ResolvedScope,
  asked: DriftReferenceQuery,
): Promise<LabelledWindow & { reference: Reference | null }> {
  const [reference, window] = await Promise.all([
    readLabelledReference(ctx, scope, asked),
    readLabelledWindow(ctx, scope),
  ]);
  return { reference, ...window };
}

export async function readLabelledReference(
  ctx: Context,
  scope: ResolvedScope,
  asked: DriftReferenceQuery,
): Promise<Reference | null> {
  const reference = await readReference(ctx, scope, asked);
  if (reference === null || scope.segment) return reference;
  const [labels, task] = await Promise.all([
    readReferenceLabels(ctx, scope, reference),
    findModelTask(ctx.pg, scope.modelId),
  ]);
  return { ...reference, side: withLabel(reference.side, labels, task) };
}

export async function readLabelledWindow(
  ctx: Context,
  scope: ResolvedScope,
): Promise<LabelledWindow> {
  const reading = readWindowSide(ctx.ch, scope, scope.window.pieces, { signal: ctx.signal });
  if (scope.segment) return { window: await reading, coverage: null };
  const [window, task, here] = await Promise.all([
    reading,
    findModelTask(ctx.pg, scope.modelId),
    readWindowLabels(ctx, scope, scope.window),
  ]);
  return {
    window: withLabel(window, here.profile, task),
    coverage:
      here.profile === null || here.profile.rowCount > here.rowCount
        ? null
        : { rowCount: here.rowCount, labelledCount: here.profile.rowCount },
  };
}

const withLabel = (
  side: ProfileSide,
  profile: FeatureProfile | null,
  task: Task | null,
): ProfileSide =>
  profile === null ? side : { ...side, keys: [...side.keys, toKey(profile, task)] };

/** The verdict on labels says how many there are: those that came first need not be like those that are still to come. */
export function sayCoverage<T extends Pick<FeatureDrift, "subject" | "reason">>(
  drift: T,
  coverage: LabelCoverage | null,
): T {
  if (drift.subject !== "label" || coverage === null || coverage.rowCount === 0) return drift;
  const share = Math.round((coverage.labelledCount / coverage.rowCount) * 100);
  return { ...drift, reason: `${drift.reason}; on ${share} % labelled` };
}

function toKey(profile: FeatureProfile, task: Task | null): KeyedProfile {
  const hasClasses = task === "binary" || task === "multiclass";
  const type: FeatureType | undefined = hasClasses ? "categorical" : undefined;
  return {
    subject: "label",
    feature: "label",
    profile,
    ...(type === undefined ? {} : { type }),
  };
}

async function readWindowLabels(
  { ch, signal }: Context,
  {
    modelId,
    environment,
    version,
    now,
  }: Pick<ResolvedScope, "modelId" | "environment" | "version" | "now">,
  { fromTime, untilTime }: { fromTime: Date; untilTime: Date },
): Promise<{ rowCount: number; profile: FeatureProfile | null }> {
  const whole = coverHours(fromTime, untilTime, now);
  const summed = await sumAllProfiles(
    ch.scan(
      windowProfiles,
      {
        modelId,
        environment,
        version,
        ...pieceParams(whole.pieces),
        subjects: ["row", "label"],
      },
      signal,
    ),
  );
  const rows = summed.find(({ subject }) => subject === "row");
  const label = summed.find(({ subject }) => subject === "label");
  return { rowCount: rows?.profile.rowCount ?? 0, profile: label?.profile ?? null };
}

async function readReferenceLabels(
  ctx: Context,
  scope: ResolvedScope,
  { described }: Reference,
): Promise<FeatureProfile | null> {
  const { baselineId, version, from, until } = described;
  if (baselineId !== null) {
    const asked = { modelId: scope.modelId, baselineId, subjects: ["label"] };
    const [label] = await sumAllProfiles(ctx.ch.scan(baselineProfiles, asked, ctx.signal));
    return label?.profile ?? null;
  }
  const stretch = { fromTime: new Date(from ?? 0), untilTime: new Date(until ?? 0) };
  const there = { ...scope, version: version ?? scope.version };
  return (await readWindowLabels(ctx, there, stretch)).profile;
}
