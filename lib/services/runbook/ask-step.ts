import { listVersionRows } from "#db/postgres/queries/model.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import { askStepInput, incidentRunbooksOutput } from "#lib/api/runbook.ts";
import { firstMetric } from "#lib/charts/name-metric.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { QueryResult, StepQuery } from "#lib/domain/runbook.ts";
import { planQueryWindow } from "#lib/rules/plan-query.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { findDefaultVersion } from "../model/find-default-versions.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { answerQuery } from "./answer-query.ts";
import { findIncidentStep } from "./find-incident-step.ts";
import { keepResult } from "./keep-result.ts";
import type { AskedQuery, AskedTarget } from "./query-value.ts";
import type { IncidentFacts } from "./read-incident-facts.ts";
import { readIncidentFacts } from "./read-incident-facts.ts";
import { grainOf } from "./read-watched-values.ts";

/** Runs a query step and pins what it found to the timeline. It reads before it writes: no transaction stays open while the engine
 *  is asked, so that a slow answer holds up nobody. */
export const askStep = defineService({
  name: "askStep",
  role: "editor",
  input: askStepInput,
  output: incidentRunbooksOutput,
  writes: false,
  async run(ctx, { feature, ...address }) {
    const { incident, step } = await findIncidentStep(ctx, address);
    if (step.kind !== "query")
      throw new AppError(
        "invalid_request",
        `Step ${step.number} asks nothing: it is ${step.kind}.`,
        {
          details: [{ path: "stepId", message: "expected the name of a query step" }],
        },
      );
    const facts = await readIncidentFacts(ctx, incident);
    const result = await askQuery(ctx, step.query, facts, feature ?? null);
    const { tx: _, ...call } = ctx.call;
    return keepResult.call(call, { ...address, result });
  },
});

/** A step's question, with what the incident says filled in. */
async function askQuery(
  ctx: ServiceContext,
  query: StepQuery,
  facts: IncidentFacts,
  feature: string | null,
): Promise<QueryResult> {
  const { incident } = facts;
  const name = query.model ?? incident.modelName;
  if (name === null)
    throw new AppError(
      "invalid_request",
      "This incident is of no model, and the step names none.",
      {
        details: [{ path: "stepId", message: "expected a step that names its model" }],
      },
    );
  const model = await getModelRow(ctx, name);
  const isOwnModel = model.id === incident.modelId;
  const own = isOwnModel
    ? facts
    : { ...facts, version: "", subject: null, feature: null, segment: null };
  const notes: string[] = [];
  const asked: AskedQuery = {
    model: { id: model.id, name: model.name },
    environment: incident.environment === "" ? "production" : incident.environment,
    version: await chooseVersion(ctx, query, own, model.id, notes),
    segment: chooseSegment(query, own, notes),
    kind: query.kind,
    statistic: await chooseStatistic(ctx, query, model.id),
    target: chooseTarget(query, own, feature, notes),
    reference: query.reference,
    sampleMin: query.sampleMin,
    now: ctx.now,
  };
  const window = planQueryWindow(query.window, {
    evidence: facts.evidence,
    impactStartedAt: incident.impactStartedAt,
    now: ctx.now,
    grainOf: (fromTime) =>
      asked.target.kind === "label"
        ? hourMs
        : grainOf({ kind: query.kind, now: ctx.now }, fromTime),
  });
  return answerQuery(ctx, asked, query, window, [...notes, ...window.notes]);
}

const hourMs = 3_600_000;

async function chooseStatistic(
  { pg }: ServiceContext,
  { kind, statistic }: StepQuery,
  modelId: string,
): Promise<string> {
  if (kind !== "performance" || statistic !== "main") return statistic;
  const main = firstMetric(await findModelTask(pg, modelId));
  if (main === null)
    throw new AppError(
      "invalid_request",
      "The model's task is not known yet, nor its main metric.",
    );
  return main;
}

/** How much comes and how old the newest is are asked of all versions together, as a monitor asks. */
async function chooseVersion(
  ctx: ServiceContext,
  { kind, statistic }: StepQuery,
  { version, incident }: Pick<IncidentFacts, "version" | "incident">,
  modelId: string,
  notes: string[],
): Promise<string> {
  if (kind === "volume" || statistic === "event_age") return "";
  if (version !== "") return version;
  const versions = await listVersionRows(ctx, modelId);
  const newest = versions.find(
    ({ environment }) => incident.environment === "" || environment === incident.environment,
  );
  if (newest === undefined)
    throw new AppError("invalid_request", "No version of this model has sent anything yet.");
  const { environment } = newest;
  const serving = await findDefaultVersion(ctx, modelId, environment, versions);
  notes.push(`the incident names no version: ${serving} was asked, which serves the most rows`);
  return serving;
}

function chooseSegment(
  { segment, target }: StepQuery,
  facts: Pick<IncidentFacts, "segment">,
  notes: string[],
): AskedQuery["segment"] {
  const wanted = segment === "incident" ? facts.segment : segment;
  if (wanted === null || target !== "label") return wanted;
  notes.push("the label is counted of all rows, not of a segment");
  return null;
}

function chooseTarget(
  { kind, target, feature: written }: StepQuery,
  facts: Pick<IncidentFacts, "subject" | "feature">,
  instead: string | null,
  notes: string[],
): AskedTarget {
  if (target === "feature" && written !== null) return { kind: "feature", feature: written };
  if (target !== "incident") return { kind: target === "feature" ? "features" : target };
  if (instead !== null) return { kind: "feature", feature: instead };
  if (facts.feature !== null) return { kind: "feature", feature: facts.feature };
  if (kind === "drift" && (facts.subject === "prediction" || facts.subject === "label"))
    return { kind: facts.subject };
  if (kind === "quality" && facts.subject === "prediction") return { kind: "prediction" };
  const all = kind === "drift" || kind === "quality" ? "everything" : "features";
  notes.push("the incident names no feature: all of them were asked");
  return { kind: all };
}
