import type { DestinationKind, OpenDestination } from "#lib/domain/destination.ts";
import { destinationSettingsSchemas, secretSettings } from "#lib/domain/destination.ts";
import type { SecretSealer } from "./seal-secret.ts";

export interface SealedDestination {
  id: string;
  kind: DestinationKind;
  settings: Record<string, unknown>;
  sealed: string;
}

const placeOf = (destinationId: string) => `destination ${destinationId}`;

/** What is shown, and what is sealed. */
export function closeSettings(
  sealer: SecretSealer,
  destinationId: string,
  { kind, settings }: OpenDestination,
): { settings: Record<string, unknown>; sealed: string } {
  const isSecret = (key: string) => secretNames(kind).includes(key);
  const entries = Object.entries(settings);
  const secrets = Object.fromEntries(entries.filter(([key]) => isSecret(key)));
  return {
    settings: Object.fromEntries(entries.filter(([key]) => !isSecret(key))),
    sealed: sealer.seal(JSON.stringify(secrets), placeOf(destinationId)),
  };
}

export function openSettings(sealer: SecretSealer, stored: SealedDestination): OpenDestination {
  const secrets: unknown = JSON.parse(sealer.open(stored.sealed, placeOf(stored.id)));
  return parseSettings(stored.kind, { ...stored.settings, ...(secrets as object) });
}

export const secretNames = (kind: DestinationKind): readonly string[] => secretSettings[kind];

/** The settings of a kind, or a refusal that names the field, its type and what was expected. */
export function parseSettings(kind: DestinationKind, settings: unknown): OpenDestination {
  const parse = { reportInput: true } as const;
  switch (kind) {
    case "slack_webhook":
      return { kind, settings: destinationSettingsSchemas[kind].parse(settings, parse) };
    case "slack_bot":
      return { kind, settings: destinationSettingsSchemas[kind].parse(settings, parse) };
    case "pagerduty":
      return { kind, settings: destinationSettingsSchemas[kind].parse(settings, parse) };
    case "alertmanager":
      return { kind, settings: destinationSettingsSchemas[kind].parse(settings, parse) };
    case "email":
      return { kind, settings: destinationSettingsSchemas[kind].parse(settings, parse) };
    case "webhook":
      return { kind, settings: destinationSettingsSchemas[kind].parse(settings, parse) };
  }
}
