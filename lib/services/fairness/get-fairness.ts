import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import { listAttributeRows } from "#db/postgres/queries/sensitive-attribute.ts";
import type { Fairness } from "#lib/api/fairness.ts";
import { fairnessInput, fairnessOutput } from "#lib/api/fairness.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { FairnessState } from "#lib/domain/fairness.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { compareErrors } from "#lib/stats/fairness/compare-errors.ts";
import {
  compareGroups,
  FOUR_FIFTHS,
  GROUP_ROWS_MIN,
  TOLERATED_DIFFERENCE,
} from "#lib/stats/fairness/compare-groups.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { getPerformance } from "../performance/get-performance.ts";
import { coverHours } from "../profile/cover-hours.ts";
import type { CoveredWindow } from "../profile/cover-window.ts";
import { readDecidedGroups, readErringGroups } from "./read-groups.ts";
import { toErrorGroups, toRateGroups } from "./to-groups.ts";

const hourMs = grainMs["1h"];

type Judged = Pick<
  Fairness,
  "state" | "classes" | "decisionSource" | "reference" | "groups" | "summary"
> & { errorDifferenceMax: number | null };

const unjudged = (state: FairnessState, classes: Fairness["classes"] = null): Judged => ({
  state,
  classes,
  decisionSource: null,
  reference: null,
  groups: [],
  summary: null,
  errorDifferenceMax: null,
});

/** Whether the groups of a sensitive attribute were treated alike in a window, and if not, how far from it. */
export const getFairness = defineService({
  name: "getFairness",
  role: "viewer",
  input: fairnessInput,
  output: fairnessOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const { modelId, environment, version } = scope;
    const attributes = await listAttributeRows(ctx, modelId);
    const attribute = chooseAttribute(attributes, input.attribute);
    const task = await findModelTask(ctx.pg, modelId);
    const window = coverHours(scope.window.fromTime, scope.window.untilTime, ctx.now);
    const { fromTime, untilTime, pieces } = window;
    const [judged, dirty] = await Promise.all([
      attribute === null
        ? unjudged("no_sensitive_attribute")
        : judge(ctx, {
            model: scope.model,
            task,
            key: { modelId, environment, version, segmentKey: attribute.key },
            window: { fromTime, untilTime, pieces },
            referenceValue: attribute.referenceValue,
          }),
      listDirtyStretches(ctx, {
        modelId,
        aspect: "performance",
        fromTime,
        untilTime,
        widthMs: hourMs,
      }),
    ]);
    const { errorDifferenceMax, ...figures } = judged;
    return {
      model: scope.model,
      environment,
      version,
      from: fromTime.toISOString(),
      until: untilTime.toISOString(),
      task,
      attributes,
      attribute: attribute?.key ?? null,
      ...figures,
      rule: {
        rowCountMin: GROUP_ROWS_MIN,
        ratioMin: FOUR_FIFTHS.low,
        ratioMax: FOUR_FIFTHS.high,
        differenceMax: TOLERATED_DIFFERENCE.high,
        errorDifferenceMax,
      },
      isWaiting: dirty.length > 0,
    };
  },
});

function chooseAttribute(
  attributes: Fairness["attributes"],
  wanted: string | undefined,
): Fairness["attributes"][number] | null {
  const sensitive = attributes.filter(({ isSensitive }) => isSensitive);
  if (wanted === undefined) return sensitive[0] ?? null;
  const found = sensitive.find(({ key }) => key === wanted);
  if (found !== undefined) return found;
  const message = `must be a segment key that is marked as sensitive${sensitive.length === 0 ? "; none is" : `: ${sensitive.map(({ key }) => key).join(", ")}`}`;
  throw new AppError("not_found", `There is no sensitive attribute "${wanted}": it ${message}.`, {
    details: [{ path: "attribute", message }],
  });
}

interface Question {
  model: string;
  task: Fairness["task"];
  key: Parameters<typeof readErringGroups>[1];
  window: CoveredWindow;
  referenceValue: string | null;
}

async function judge(ctx: ServiceContext, question: Question): Promise<Judged> {
  switch (question.task) {
    case "binary":
      return judgeRates(ctx, question);
    case "regression":
      return judgeErrors(ctx, question);
    case "multiclass":
    case "ranking":
    case null:
      return unjudged("not_for_task");
  }
}

async function judgeRates(ctx: ServiceContext, question: Question): Promise<Judged> {
  const { key, window, referenceValue } = question;
  // The positive class is that of the page Performance, whatever the groups.
  const { classes, window: all } = await getPerformance.call(ctx.call, {
    model: question.model,
    environment: key.environment,
    version: key.version,
    from: window.fromTime.toISOString(),
    until: window.untilTime.toISOString(),
  });
  if (all.rowCount === 0) return unjudged("no_rows");
  if (classes === null) return unjudged("positive_class_unknown");
  const { source, groups } = await readDecidedGroups(ctx, key, window.pieces, classes);
  if (groups.length === 0) return unjudged("no_rows", classes);
  const compared = compareGroups(groups, referenceValue);
  return {
    ...unjudged("judged", classes),
    decisionSource: source,
    reference: toReference(compared.reference, referenceValue),
    groups: toRateGroups(compared),
    summary: compared.summary,
  };
}

async function judgeErrors(ctx: ServiceContext, question: Question): Promise<Judged> {
  const { key, window, referenceValue } = question;
  const groups = await readErringGroups(ctx, key, window.pieces);
  if (groups.length === 0) return unjudged("no_rows");
  const compared = compareErrors(groups, referenceValue, GROUP_ROWS_MIN);
  return {
    ...unjudged("judged"),
    reference: toReference(compared.reference, referenceValue),
    groups: toErrorGroups(compared),
    errorDifferenceMax: compared.tolerance,
  };
}

const toReference = (value: string | null, declared: string | null) =>
  value === null ? null : { value, endsByHand: declared !== null };
