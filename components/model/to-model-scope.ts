import type { ModelScope } from "#lib/api/model.ts";
import type { Scope } from "../shell/use-scope.ts";

/** The part of a page's scope that every question about a model takes. */
export function toModelScope(scope: Scope): ModelScope {
  return {
    ...scope.range,
    ...(scope.environment !== undefined && { environment: scope.environment }),
    ...(scope.version !== undefined && { version: scope.version }),
  };
}
