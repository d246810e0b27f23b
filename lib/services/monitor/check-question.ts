import { listFeatureRows, listVersionRows } from "#db/postgres/queries/model.ts";
import { listAttributeRows } from "#db/postgres/queries/sensitive-attribute.ts";
import { AppError } from "#lib/domain/errors.ts";
import { expressionColumns, parseExpression, placeOfExpression } from "#lib/domain/expression.ts";
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
  const { kind, environment, version, definition } = question;
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
  if (kind === "fairness") await assertSensitive(ctx, model, segment?.key ?? null);
  assertColumns(
    model,
    definition.expression,
    features.map(({ name }) => name),
  );
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
    kind === "fairness" || (segment !== null && segment.value === null)
      ? segmentLimits.valuesPerKeyMax
      : 1;
  return { seriesExpected: Math.max(1, perSide * versionCount * segmentCount) };
}

function refusal(path: string, message: string): AppError {
  return new AppError("invalid_request", `The monitor can't be used: \`${path}\` ${message}.`, {
    details: [{ path, message }],
  });
}

async function assertSensitive(
  ctx: Pick<ServiceContext, "pg" | "workspaceId">,
  model: { id: string; name: string },
  key: string | null,
): Promise<void> {
  const sensitive = (await listAttributeRows(ctx, model.id)).filter((row) => row.isSensitive);
  if (key === null ? sensitive.length > 0 : sensitive.some((row) => row.key === key)) return;
  const expected =
    sensitive.length === 0
      ? "a segment key that is marked as sensitive on the page Fairness; none is yet"
      : `one that is marked as sensitive: ${sensitive.map((row) => row.key).join(", ")}`;
  throw refusal(
    "definition.segment",
    `has no groups to compare for "${model.name}"; expected ${expected}`,
  );
}

/** A feature that was never seen is a slip of the pen, not a column without values. */
function assertColumns(
  model: { name: string },
  expression: string | undefined,
  features: readonly string[],
): void {
  if (expression === undefined) return;
  const parsed = parseExpression(expression);
  if (parsed.kind === "error") return;
  const unknown = parsed.columns.find(
    ({ subject, name }) => subject === "feature" && !features.includes(name),
  );
  if (unknown === undefined) return;
  const { line, column } = placeOfExpression(expression, unknown.at);
  throw refusal(
    "definition.expression",
    `line ${line}, column ${column}: "${model.name}" has no feature "${unknown.name}"; expected the name of one that was seen, or ${expressionColumns.join(", ")}`,
  );
}
