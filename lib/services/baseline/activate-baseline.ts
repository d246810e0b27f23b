import { z } from "zod";
import { activateBaselineRow } from "#db/postgres/queries/baseline.ts";
import { activateBaselineInput } from "#lib/api/baseline.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getBaselineRow } from "./get-baseline-row.ts";

/** From now on its version is compared with this baseline. */
export const activateBaseline = defineService({
  name: "activateBaseline",
  role: "editor",
  input: activateBaselineInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { model, baselineId }) {
    const baseline = await getBaselineRow(ctx, baselineId, model);
    if (baseline.state !== "ready") {
      throw new AppError(
        "conflict",
        `The baseline "${baseline.name}" is ${baseline.state}; only a ready one can be compared with.`,
      );
    }
    if (baseline.isActive) {
      ctx.audit("unchanged");
      return undefined;
    }
    await activateBaselineRow(ctx, baseline);
    ctx.audit({
      action: "baseline.activate",
      targetKind: "baseline",
      targetId: baselineId,
      after: { version: baseline.version },
    });
    return undefined;
  },
});
