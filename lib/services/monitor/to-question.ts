import type { MonitorRow } from "#db/postgres/queries/monitor.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";

/** What a stored monitor asks. */
export const questionOf = ({
  kind,
  environment,
  version,
  definition,
  fireCount,
  windowCount,
  clearCount,
}: MonitorRow): MonitorQuestion => ({
  kind,
  environment,
  version,
  definition,
  fireCount,
  windowCount,
  clearCount,
});
