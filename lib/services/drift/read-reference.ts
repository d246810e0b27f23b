import type { z } from "zod";
import { baselineProfileRows } from "#db/clickhouse/queries/baseline-profile-rows.ts";
import { findActiveBaseline } from "#db/postgres/queries/baseline.ts";
import type { driftReferenceOutput } from "#lib/api/drift.ts";
import type { DriftReference } from "#lib/domain/health.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { coverWindow } from "../profile/cover-window.ts";
import type { ProfileSide } from "./profile-side.ts";
import { comparedSubjects, readWindowSide, toSide } from "./profile-side.ts";

export interface Reference {
  described: z.infer<typeof driftReferenceOutput>;
  side: ProfileSide;
}

type ReadContext = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

const dayMs = 86_400_000;
const trailingDaysMin = 7;

/** What the window is compared with; null when there is nothing (no baseline yet, no earlier rows). */
export async function readReference(
  ctx: ReadContext,
  scope: ResolvedScope,
  kind: DriftReference,
  features?: string[],
): Promise<Reference | null> {
  switch (kind) {
    case "baseline":
      return readBaseline(ctx, scope, features);
    case "trailing":
      return readTrailing(ctx, scope, features);
  }
}

async function readBaseline(
  ctx: ReadContext,
  scope: ResolvedScope,
  features?: string[],
): Promise<Reference | null> {
  const baseline = await findActiveBaseline(ctx, scope.modelId, scope.version);
  if (baseline === null) return null;
  const rows = await ctx.ch.query(
    baselineProfileRows,
    {
      modelId: scope.modelId,
      baselineId: baseline.id,
      subjects: [...comparedSubjects],
      features: features === undefined ? null : ["", ...features],
    },
    ctx.signal,
  );
  const side = toSide(rows);
  const borrowed =
    baseline.version === scope.version ? "" : `, since ${scope.version} has none of its own`;
  return {
    side,
    described: {
      kind: "baseline",
      label: `baseline ${baseline.name} (${baseline.version})${borrowed}`,
      baselineId: baseline.id,
      from: null,
      until: null,
      rowCount: side.rowCount,
    },
  };
}

/** As long as the window, and at least a week, so that every day of the week is in it. */
async function readTrailing(
  ctx: ReadContext,
  scope: ResolvedScope,
  features?: string[],
): Promise<Reference | null> {
  const { fromTime, untilTime } = scope.window;
  const days = Math.max(
    trailingDaysMin,
    Math.ceil((untilTime.getTime() - fromTime.getTime()) / dayMs),
  );
  const before = coverWindow(new Date(fromTime.getTime() - days * dayMs), fromTime, scope.now);
  const side = await readWindowSide(ctx.ch, scope, before.pieces, {
    ...(features === undefined ? {} : { features }),
    signal: ctx.signal,
  });
  if (side.rowCount === 0) return null;
  return {
    side,
    described: {
      kind: "trailing",
      label: `the ${days} days before`,
      baselineId: null,
      from: before.fromTime.toISOString(),
      until: before.untilTime.toISOString(),
      rowCount: side.rowCount,
    },
  };
}
