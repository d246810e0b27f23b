import type { DriftScope } from "#lib/api/drift.ts";
import { toSegmentScope } from "../model/to-model-scope.ts";
import type { Scope } from "../shell/use-scope.ts";

/** The part of a page's scope that every question about drift takes, of the segment that is chosen. */
export function toDriftScope(scope: Scope): DriftScope {
  return { ...toSegmentScope(scope), ...scope.reference, statistic: scope.statistic };
}
