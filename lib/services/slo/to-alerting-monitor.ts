import type { SloRow } from "#db/postgres/queries/slo.ts";
import type { AlertingMonitor } from "../alert/apply-outcomes.ts";

/** An objective as alerting knows it: the windows of its tiers are all the patience that it has. */
export const toAlertingMonitor = (slo: SloRow): AlertingMonitor => ({
  id: slo.id,
  modelId: slo.modelId,
  name: slo.name,
  kind: "slo",
  causeClass: "slo",
  fireCount: 1,
  windowCount: 1,
  clearCount: 1,
  severityOverride: null,
  ownerTeamId: null,
  ownerUserId: null,
  runbookUrl: null,
  destinationIds: slo.destinationIds,
  revision: slo.revision,
});
