import type { ActionDefinition } from "#lib/domain/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import { refuseUrl } from "#lib/notify/guarded-fetch.ts";
import { refuseTemplate } from "#lib/rules/fill-template.ts";

/** Said when it is typed, and not only when it is needed. */
export function assertDefinition(definition: ActionDefinition): void {
  const refusal = refuseTemplate(definition.body);
  if (refusal !== null)
    throw new AppError("invalid_request", `definition.body ${refusal}.`, {
      details: [{ path: "definition.body", message: refusal }],
    });
}

export function assertUrl(url: string, allowedHosts: readonly string[]): void {
  const refusal = refuseUrl(url, allowedHosts);
  if (refusal !== null)
    throw new AppError("invalid_request", refusal, {
      details: [{ path: "url", message: refusal }],
    });
}
