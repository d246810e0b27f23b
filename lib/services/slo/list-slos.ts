import { z } from "zod";
import { listSloRows } from "#db/postgres/queries/slo.ts";
import { listAlertStates } from "#db/postgres/queries/slo-slice.ts";
import { sloListOutput } from "#lib/api/slo.ts";
import { defineService } from "../define-service.ts";
import { readBudget, toSummary } from "./read-budget.ts";

export const listSlos = defineService({
  name: "listSlos",
  role: "viewer",
  input: z.object({}),
  output: sloListOutput,
  writes: false,
  async run(ctx) {
    const rows = await listSloRows(ctx);
    const states = await listAlertStates(ctx);
    const slos = [];
    for (const row of rows)
      slos.push(toSummary(row, await readBudget(ctx, row.slo, ctx.now), states));
    return {
      slos: slos.sort(
        (a, b) => a.budget.remaining - b.budget.remaining || a.name.localeCompare(b.name),
      ),
    };
  },
});
