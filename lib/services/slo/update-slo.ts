import { updateSloRow } from "#db/postgres/queries/slo.ts";
import { sloIdOutput, updateSloInput } from "#lib/api/slo.ts";
import { assertRevision } from "../assert-revision.ts";
import { defineService } from "../define-service.ts";
import { endSloAlerts } from "./end-slo-alerts.ts";
import { getSloRow } from "./get-slo-row.ts";
import { assertPeriod, assertSloName } from "./insert-new-slo.ts";

export const updateSlo = defineService({
  name: "updateSlo",
  role: "editor",
  input: updateSloInput,
  output: sloIdOutput,
  writes: true,
  async run(ctx, { sloId, revision, ...changes }) {
    const { slo: before } = await getSloRow(ctx, sloId);
    assertRevision("This objective", before.revision, revision);
    if (changes.name !== undefined) await assertSloName(ctx, changes.name, sloId);
    if (changes.period !== undefined) assertPeriod(changes.period);
    await updateSloRow(ctx, sloId, {
      ...changes,
      revision: revision + 1,
      updatedAt: ctx.now,
      // All of a new period is measured, and judged by what was changed, at once.
      dueAt: ctx.now,
      sweptAt: null,
    });
    if (changes.isEnabled === false && before.isEnabled)
      await endSloAlerts(ctx, sloId, "its objective was switched off");
    const { name, description, objective, period, badCountMin, destinationIds, isEnabled } = before;
    ctx.audit({
      action: "slo.update",
      targetKind: "slo",
      targetId: sloId,
      before: { name, description, objective, period, badCountMin, destinationIds, isEnabled },
      after: changes,
    });
    return { id: sloId };
  },
});
