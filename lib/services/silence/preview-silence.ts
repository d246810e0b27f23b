import { listAlertsSince } from "#db/postgres/queries/alert.ts";
import { listModelNames } from "#db/postgres/queries/model.ts";
import { previewSilenceInput, previewSilenceOutput } from "#lib/api/silence.ts";
import { severities } from "#lib/domain/incident.ts";
import { targetOf } from "#lib/rules/describe-incident.ts";
import { matchesLabels } from "#lib/rules/silence.ts";
import { dayMs } from "#lib/rules/wall-clock.ts";
import { defineService } from "../define-service.ts";
import { labelsOf } from "./find-silenced-alerts.ts";

const shownMax = 50;

/** What a silence would hide: of what fires now, and of the last week. */
export const previewSilence = defineService({
  name: "previewSilence",
  role: "viewer",
  input: previewSilenceInput,
  output: previewSilenceOutput,
  writes: false,
  async run(ctx, { matchers }) {
    const recent = await listAlertsSince(ctx, new Date(ctx.now.getTime() - 7 * dayMs));
    const names = await listModelNames(ctx, [...new Set(recent.map(({ modelId }) => modelId))]);
    const matched = recent.filter((alert) =>
      matchesLabels(matchers, labelsOf(alert, names.get(alert.modelId) ?? null)),
    );
    const firing = matched
      .filter(({ state }) => state === "firing")
      .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
    return {
      alertCount: firing.length,
      alerts: firing.slice(0, shownMax).map((alert) => ({
        alertId: alert.id,
        monitorName: alert.monitorName,
        target: targetOf(alert),
        severity: alert.severity,
      })),
      weekAlertCount: matched.length,
    };
  },
});
