import { z } from "zod";
import { listAlertRows } from "#db/postgres/queries/alert.ts";
import { alertListInput, alertListOutput } from "#lib/api/alert.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { findSilencings } from "../silence/find-silenced-alerts.ts";
import { toAlert } from "./to-alert.ts";

/** What monitors have found, newest first, with the incident that each finding belongs to. */
export const listAlerts = defineService({
  name: "listAlerts",
  role: "viewer",
  input: alertListInput,
  output: alertListOutput,
  writes: false,
  async run(ctx, { state, model, monitorId, cursor, limit }) {
    const rows = await listAlertRows(ctx, {
      state,
      modelId: model === undefined ? undefined : (await getModelRow(ctx, model)).id,
      monitorId,
      after: cursor === undefined ? undefined : parseCursor(cursor),
      countMax: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1)?.alert;
    const firing = shown.filter(({ alert }) => alert.state === "firing");
    const silencings = await findSilencings(
      ctx,
      firing.map(({ alert }) => alert),
      ctx.now,
    );
    return {
      alerts: shown.map(({ alert, modelName, incidentNumber, role }) => ({
        ...toAlert(alert, modelName, silencings.get(alert.id) ?? null),
        incident:
          incidentNumber === null || role === null ? null : { number: incidentNumber, role },
      })),
      next:
        rows.length > limit && last !== undefined
          ? `${last.firedAt.toISOString()}~${last.id}`
          : null,
    };
  },
});

const cursorSchema = z.tuple([z.iso.datetime(), z.uuid()]);

function parseCursor(cursor: string): { firedAt: Date; id: string } {
  const parsed = cursorSchema.safeParse(cursor.split("~"));
  if (!parsed.success)
    throw new AppError(
      "invalid_request",
      "`cursor` is none that a page of alerts was answered with.",
      { details: [{ path: "cursor", message: "expected the `next` of the page before" }] },
    );
  const [firedAt, id] = parsed.data;
  return { firedAt: new Date(firedAt), id };
}
