import { previewExpectationInput, previewExpectationOutput } from "#lib/api/quality.ts";
import type { QualityCheckName } from "#lib/domain/quality.ts";
import type { CountBounds } from "#lib/stats/quality/expectation.ts";
import { defineService } from "../define-service.ts";
import { readWindowSide } from "../drift/profile-side.ts";
import { readReference } from "../drift/read-reference.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { previewTolerance } from "../skew/preview-tolerance.ts";
import { askKeys } from "./ask-keys.ts";

/** How many rows of a window would break an expectation, before anybody saves it: counted from the stored profiles;
 *  and how many pairs would differ from the offline store: compared anew. */
export const previewExpectation = defineService({
  name: "previewExpectation",
  role: "viewer",
  input: previewExpectationInput,
  output: previewExpectationOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, { ...input, range: input.range ?? "24h" });
    const [reference, window] = await Promise.all([
      readReference(ctx, scope, { reference: "baseline" }, [input.feature]),
      readWindowSide(ctx.ch, scope, scope.window.pieces, {
        features: [input.feature],
        signal: ctx.signal,
      }),
    ]);
    const skew = await previewTolerance(ctx, scope, input.feature, input.declared.skewTolerance);
    const { keys } = askKeys({
      reference: reference?.side ?? null,
      window,
      types: scope.types,
      declared: new Map([[input.feature, input.declared]]),
    });
    const asked = keys.find(
      (key) => key.subject === "feature" && key.feature === input.feature,
    )?.asked;
    const counts = asked?.window;
    const exactly = (count: number | undefined) => ({ least: count ?? 0, most: count ?? 0 });
    const isRequired = input.declared.isRequired === true;
    const violations: [QualityCheckName, CountBounds | null][] = [
      ["null", isRequired ? exactly(counts?.nullCount) : null],
      // A feature that never came at all has no profile: every row lacks it.
      ["absent", isRequired ? exactly(counts?.absentCount ?? window.rowCount) : null],
      ["below_range", counts?.below ?? null],
      ["above_range", counts?.above ?? null],
      ["unseen_category", counts?.unseen ?? null],
    ];
    return {
      from: scope.window.fromTime.toISOString(),
      until: scope.window.untilTime.toISOString(),
      rowCount: window.rowCount,
      violations: violations.flatMap(([check, bounds]) =>
        bounds === null ? [] : [{ check, least: bounds.least, most: bounds.most }],
      ),
      skew,
    };
  },
});
