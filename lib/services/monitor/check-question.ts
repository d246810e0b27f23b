import { listFeatureRows, listVersionRows } from "#db/postgres/queries/model.ts";
import { AppError } from "#lib/domain/errors.ts";
import { segmentLimits } from "#lib/domain/limits.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { findContradictions, monitorLimits } from "#lib/domain/monitor-definition.ts";
import type { ServiceContext } from "../context.ts";
import { getSegmentKeys } from "../segment/get-segment-keys.ts";

/** Holds a question against the model that it is asked of: what it names must be there. Answers how many series it has, about. */
export async function checkQuestion(
  ctx: Pick<ServiceContext, "pg" | "workspaceId">,
  model: { id: string; name: string },
  question: MonitorQuestion,
): Promise<{ seriesExpected: number }> {
  const { environment, version, definition } = question;
  const { target, segment } = definition;
  const contradictions = findContradictions(question);
  const [first] = contradictions;
  if (first !== undefined)
    throw new AppError(
      "invalid_request",
      `The monitor can't be used: \`${first.path}\` ${first.message}.`,
      { details: contradictions },
    );
  const [features, versions] = await Promise.all([
    listFeatureRows(ctx, model.id),
    listVersionRows(ctx, model.id),
  ]);
  if (target.kind === "feature" && !features.some(({ name }) => name === target.feature))
    throw refusal(
      "definition.target.feature",
      `"${model.name}" has no feature "${target.feature}"; expected the name of one that was seen`,
    );
  if (segment !== null) await getSegmentKeys(ctx, model, segment.key);
  const seen = versions.filter((row) => row.environment === environment);
  if (version !== null && !seen.some((row) => row.version === version))
    throw refusal(
      "version",
      `"${model.name}" has no version "${version}" in ${environment}; expected one that was seen`,
    );
  const perSide = {
    model: 1,
    feature: 1,
    prediction: 2,
    features: features.length,
    everything: features.length + 2,
  }[target.kind];
  const versionCount = version === null ? Math.min(seen.length, monitorLimits.versionsMax) : 1;
  const segmentCount =
    segment !== null && segment.value === null ? segmentLimits.valuesPerKeyMax : 1;
  return { seriesExpected: Math.max(1, perSide * versionCount * segmentCount) };
}

function refusal(path: string, message: string): AppError {
  return new AppError("invalid_request", `The monitor can't be used: \`${path}\` ${message}.`, {
    details: [{ path, message }],
  });
}
