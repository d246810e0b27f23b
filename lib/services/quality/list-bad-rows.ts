import { badRows } from "#db/clickhouse/queries/bad-rows.ts";
import { badRowsInput, badRowsOutput } from "#lib/api/quality.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { keyName } from "../profile/sum-profiles.ts";
import { readRawSegment } from "../segment/resolve-segment.ts";
import { chooseQualityColumns } from "./choose-quality-columns.ts";
import { readQualityColumns } from "./read-columns.ts";
import { readQuality } from "./read-quality.ts";

/** Values that are passed to the store by name. */
const namesMax = 500;

/** Some rows that are bad in one way: the newest of the newest column that has any, so that the search stays short. */
export const listBadRows = defineService({
  name: "listBadRows",
  role: "viewer",
  input: badRowsInput,
  output: badRowsOutput,
  writes: false,
  async run(ctx, input) {
    const none = { from: null, until: null, rows: [] };
    // What a prediction lacks is shown by the row explorer itself; conditions on features do not fit it.
    if (input.subject !== "feature") return none;
    const scope = await resolveScope(ctx, input);
    const read = await readQuality(ctx, scope, input);
    const key = read.keys.find((each) => keyName(each) === keyName(input));
    if (key === undefined) return none;
    const columns = chooseQualityColumns(scope.window, ctx.now, 1);
    const [cells = []] = await readQualityColumns(ctx, scope, [key], columns);
    const isBad = (cell: (typeof cells)[number]) =>
      cell.quality?.checks.some((each) => each.check === input.check && each.window.count > 0) ===
      true;
    const at = cells.findLastIndex(isBad);
    const fromTime = columns.starts[at];
    if (fromTime === undefined) return none;
    const untilTime = new Date(fromTime.getTime() + columns.bucketMs);
    const { expectation, ruleKind, unseenValues, window } = key.asked;
    const names =
      input.check === "constant"
        ? [window.dominant?.name ?? ""]
        : unseenValues.slice(0, namesMax).map((value) => value.name);
    const rows = await ctx.ch.query(
      badRows,
      {
        modelId: scope.modelId,
        environment: scope.environment,
        version: scope.version,
        feature: input.feature,
        check: input.check,
        ruleKind: ruleKind ?? "",
        bound: (input.check === "below_range" ? expectation.minimum : expectation.maximum) ?? 0,
        names,
        numbers: names.filter((name) => name !== "" && String(Number(name)) === name).map(Number),
        fromTime,
        untilTime,
        ...(await readRawSegment(ctx, scope)),
      },
      ctx.signal,
    );
    return {
      from: fromTime.toISOString(),
      until: untilTime.toISOString(),
      rows: rows.map(({ predictionId, timestampMs, value }) => ({
        predictionId,
        timestamp: new Date(timestampMs).toISOString(),
        value,
      })),
    };
  },
});
