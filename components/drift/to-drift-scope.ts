import type { DriftScope } from "#lib/api/drift.ts";
import { toModelScope } from "../model/to-model-scope.ts";
import type { Scope } from "../shell/use-scope.ts";

/** The part of a page's scope that every question about drift takes. */
export function toDriftScope(scope: Scope): DriftScope {
  return { ...toModelScope(scope), ...scope.reference, statistic: scope.statistic };
}
