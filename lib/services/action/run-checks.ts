import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import { listOpenOfModels } from "#db/postgres/queries/incident.ts";
import type { CheckResult } from "#lib/domain/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import { isUpstreamCause } from "#lib/rules/inhibition.ts";
import type { CallContext } from "../context.ts";
import { getPerformance } from "../performance/get-performance.ts";
import { getVersionComparison } from "../version/get-version-comparison.ts";

interface Wanted {
  labelCoverageMin: number | null;
  noUpstreamIncident: boolean;
  challengerNotWorse: boolean;
}

/** Whether what was asked for holds, with the reason in words. What is not known does not hold. */
export async function runChecks(
  call: CallContext,
  wanted: Wanted,
  incident: Pick<IncidentRow, "modelId" | "modelName" | "environment"> | null,
): Promise<CheckResult[]> {
  const isAsked =
    wanted.labelCoverageMin !== null || wanted.noUpstreamIncident || wanted.challengerNotWorse;
  if (!isAsked) return [];
  const results: CheckResult[] = [];
  if (wanted.labelCoverageMin !== null)
    results.push(await checkCoverage(call, wanted.labelCoverageMin, incident));
  if (wanted.noUpstreamIncident) results.push(await checkUpstream(call, incident));
  if (wanted.challengerNotWorse) results.push(await checkChallenger(call, incident));
  return results;
}

type Target = Parameters<typeof runChecks>[2];

const percent = (share: number) => `${Math.round(share * 1_000) / 10} %`;

async function checkCoverage(
  call: CallContext,
  least: number,
  incident: Target,
): Promise<CheckResult> {
  const result = (isHeld: boolean, reason: string): CheckResult => ({
    name: "label_coverage",
    isHeld,
    reason,
  });
  if (incident?.modelName == null)
    return result(false, "the incident names no model, so that nobody knows its labels");
  const input = scopeOf(incident.modelName, incident.environment);
  const found = await ask(() => getPerformance.call(call, input));
  if (typeof found === "string") return result(false, `label coverage is not known: ${found}`);
  const { coverage, labelledCount, rowCount } = found.window;
  if (coverage === null)
    return result(false, "label coverage is not known: no predictions in the last 24 h");
  const said = `labels of the last 24 h are ${percent(coverage)} in (${labelledCount} of ${rowCount}), ${percent(least)} needed`;
  return result(coverage >= least, said);
}

async function checkUpstream(call: CallContext, incident: Target): Promise<CheckResult> {
  const result = (isHeld: boolean, reason: string): CheckResult => ({
    name: "upstream_incident",
    isHeld,
    reason,
  });
  if (incident?.modelId == null)
    return result(false, "the incident names no model, so that nobody knows what is upstream");
  const { workspaceId, postgres } = call;
  const open = await listOpenOfModels({ pg: postgres.db, workspaceId });
  const upstream = open.find(
    ({ modelId, environment, causeClass }) =>
      modelId === incident.modelId &&
      (environment === incident.environment || environment === "" || incident.environment === "") &&
      isUpstreamCause(causeClass),
  );
  return upstream === undefined
    ? result(true, "no open incident of late or broken rows on the model")
    : result(
        false,
        `incident #${upstream.number} (${upstream.causeClass.replaceAll("_", " ")}) is open on the model: its rows are late or broken`,
      );
}

async function checkChallenger(call: CallContext, incident: Target): Promise<CheckResult> {
  const result = (isHeld: boolean, reason: string): CheckResult => ({
    name: "challenger",
    isHeld,
    reason,
  });
  if (incident?.modelName == null)
    return result(false, "the incident names no model, so that there is nothing to compare");
  const input = scopeOf(incident.modelName, incident.environment);
  const found = await ask(() => getVersionComparison.call(call, input));
  if (typeof found === "string")
    return result(false, `the challenger could not be compared: ${found}`);
  const { champion, challenger, verdict } = found;
  if (champion === null || challenger === null)
    return result(true, "there is no challenger to compare in the last 24 h");
  const pair = `${challenger} against ${champion}`;
  switch (verdict.kind) {
    case "better":
      return result(true, `${pair}: better by ${verdict.betterBy.join(", ")}`);
    case "cannot_tell":
      return result(
        true,
        `${pair}: no difference beyond noise in ${verdict.labelledCount} labelled rows`,
      );
    case "worse":
      return result(false, `${pair}: worse by ${verdict.worseBy.join(", ")}`);
    case "mixed":
      return result(false, `${pair}: better by some, and worse by ${verdict.worseBy.join(", ")}`);
    case "no_labels":
    case "too_few_labels":
      return result(
        false,
        `${pair}: cannot say, ${verdict.labelledCount} labelled rows, ${verdict.labelledCountMin} needed`,
      );
    case "not_for_task":
      return result(false, `${pair}: versions are compared once the model's task is known`);
  }
}

const scopeOf = (model: string, environment: string) => ({
  model,
  range: "24h" as const,
  ...(environment === "" ? {} : { environment }),
});

/** What was foreseen is a reason; anything else is a mistake of ours and is tried again. */
async function ask<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) return error.message.replace(/\.$/, "");
    throw error;
  }
}
