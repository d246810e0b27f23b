import type { z } from "zod";
import type { ActionItemRow } from "#db/postgres/queries/action-item.ts";
import { listActionItems } from "#db/postgres/queries/action-item.ts";
import { runTestsInput, runTestsOutput } from "#lib/api/action-item.ts";
import type { AcceptanceResult } from "#lib/domain/action-item.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "../incident/get-incident.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { replayAcceptance } from "./replay-acceptance.ts";
import { keepResult } from "./test-action-item.ts";

/** As many as are replayed while a caller waits. */
const testsMax = 100;

/** Runs the acceptance tests of a workspace, of an incident or of a model: past incidents as a regression suite of its monitors. */
export const runAcceptanceTests = defineService({
  name: "runAcceptanceTests",
  role: "editor",
  input: runTestsInput,
  output: runTestsOutput,
  writes: true,
  async run(ctx, { incident, model }) {
    if (model !== undefined) await getModelRow(ctx, model);
    const asked = await listActionItems(ctx, {
      states: ["open", "in_progress", "done"],
      incidentId: incident === undefined ? undefined : (await getIncidentRow(ctx, incident)).id,
      modelName: model,
      hasTest: true,
    });
    if (asked.length > testsMax)
      throw new AppError(
        "limit_exceeded",
        `There are ${asked.length} acceptance tests, and at most ${testsMax} run at once: ask model by model.`,
      );
    const tests = asked
      .map(({ item }) => item)
      .toSorted((a, b) => a.number - b.number)
      .flatMap((item) => (item.acceptance === null ? [] : [{ item, test: item.acceptance }]));
    const replayed: { item: ActionItemRow; result: AcceptanceResult }[] = [];
    for (const { item, test } of tests)
      replayed.push({ item, result: await replayAcceptance(ctx, test) });
    const results: z.input<typeof runTestsOutput>["results"] = [];
    for (const { item, result } of replayed) {
      const { isReopened } = await keepResult(ctx, item, result);
      const { number, title, state } = item;
      results.push({ item: number, title, state: isReopened ? "open" : state, result, isReopened });
    }
    // Each that ran said so itself.
    if (results.length === 0) ctx.audit("unchanged");
    const countOf = (verdict: AcceptanceResult["verdict"]) =>
      results.filter(({ result }) => result.verdict === verdict).length;
    return {
      results,
      passedCount: countOf("passed"),
      failedCount: countOf("failed"),
      cannotSayCount: countOf("cannot_say"),
    };
  },
});
