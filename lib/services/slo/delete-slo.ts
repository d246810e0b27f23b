import { z } from "zod";
import { deleteSloRow } from "#db/postgres/queries/slo.ts";
import { sloInput } from "#lib/api/slo.ts";
import { defineService } from "../define-service.ts";
import { endSloAlerts } from "./end-slo-alerts.ts";
import { getSloRow } from "./get-slo-row.ts";

/** With the slices that were measured for it. */
export const deleteSlo = defineService({
  name: "deleteSlo",
  role: "editor",
  input: sloInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { sloId }) {
    const { slo, model } = await getSloRow(ctx, sloId);
    await endSloAlerts(ctx, sloId, "its objective was deleted");
    await deleteSloRow(ctx, sloId);
    const { name, indicator, objective, period } = slo;
    ctx.audit({
      action: "slo.delete",
      targetKind: "slo",
      targetId: sloId,
      before: { name, model, indicator, objective, period },
    });
    return undefined;
  },
});
