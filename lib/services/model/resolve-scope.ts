import type { z } from "zod";
import { listFeatureRows, listVersionRows } from "#db/postgres/queries/model.ts";
import type { segmentScopeInput } from "#lib/api/model.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { Segment } from "#lib/domain/segment.ts";
import { resolveTimeRange } from "#lib/domain/time-range.ts";
import type { ServiceContext } from "../context.ts";
import type { CoveredWindow } from "../profile/cover-window.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { resolveSegment } from "../segment/resolve-segment.ts";
import { findDefaultVersion } from "./find-default-versions.ts";
import { getModelRow } from "./get-model-row.ts";

/** What every page of a model asks about, with what was left out filled in. */
export interface ResolvedScope {
  modelId: string;
  model: string;
  environment: string;
  version: string;
  /** Null, or left out: all rows. */
  segment?: Segment | null;
  types: ReadonlyMap<string, FeatureType>;
  window: CoveredWindow;
  now: Date;
}

export async function resolveScope(
  ctx: Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal" | "now">,
  input: z.output<typeof segmentScopeInput>,
): Promise<ResolvedScope> {
  const range = resolveTimeRange(input, ctx.now);
  const model = await getModelRow(ctx, input.model);
  const [versions, features, segment] = await Promise.all([
    listVersionRows(ctx, model.id),
    listFeatureRows(ctx, model.id),
    resolveSegment(ctx, model, input),
  ]);
  const { environment } = input;
  return {
    modelId: model.id,
    model: model.name,
    environment,
    version: input.version ?? (await findDefaultVersion(ctx, model.id, environment, versions)),
    segment,
    types: new Map(features.map((row) => [row.name, row.type])),
    window: coverWindow(range.from, range.until, ctx.now),
    now: ctx.now,
  };
}
