import type { ModelScope } from "#lib/api/model.ts";
import type { Scope } from "../shell/use-scope.ts";

/** The part of a page's scope that every question about a model takes; of all rows, whichever segment is chosen. */
export function toModelScope(scope: Scope): ModelScope {
  return {
    ...scope.range,
    ...(scope.environment !== undefined && { environment: scope.environment }),
    ...(scope.version !== undefined && { version: scope.version }),
  };
}

/** The same, of the segment that is chosen. */
export function toSegmentScope(scope: Scope): ModelScope {
  const { segment } = scope;
  return {
    ...toModelScope(scope),
    ...(segment !== null && { segmentKey: segment.key, segmentValue: segment.value }),
  };
}
