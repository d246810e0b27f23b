import {
  countPages,
  listInsightIncidents,
  listItemsOfIncidents,
  listMonitorsOfIncidents,
} from "#db/postgres/queries/insight.ts";
import { insightInput, insightOutput } from "#lib/api/insight.ts";
import { isOpenIncident } from "#lib/domain/incident.ts";
import type { ItemOutcome } from "#lib/domain/insight.ts";
import { insightLimits, measureDefinitions, quantileMethod } from "#lib/domain/insight.ts";
import { groupKeyOf } from "#lib/rules/group-key.ts";
import type { InsightIncident } from "#lib/rules/incident-insights.ts";
import {
  findRecurrences,
  groupIncidents,
  judge,
  judgeItems,
  judgeMonitors,
  summariseDurations,
} from "#lib/rules/incident-insights.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";

const listedMax = 100;
const recurringNamedMax = 10;

/** What the incidents of a stretch of time say together. */
export const getInsights = defineService({
  name: "getInsights",
  role: "viewer",
  input: insightInput,
  output: insightOutput,
  writes: false,
  async run(ctx, { days, model, teamId }) {
    const from = new Date(ctx.now.getTime() - days * 86_400_000);
    const countMax = insightLimits.incidentsMax;
    const rows = await listInsightIncidents(ctx, {
      from,
      // What was detected right now counts.
      until: new Date(ctx.now.getTime() + 1),
      model,
      teamId,
      countMax: countMax + 1,
    });
    const counted = rows.slice(0, countMax);
    const incidents = await toInsightIncidents(ctx, counted);
    const causeOf = new Map(counted.map(({ incident }) => [incident.id, incident.causeClass]));
    return {
      from: from.toISOString(),
      until: ctx.now.toISOString(),
      isCut: rows.length > counted.length,
      incidentCount: incidents.length,
      openCount: counted.filter(({ incident }) => isOpenIncident(incident.state)).length,
      definitions: { ...measureDefinitions, quantiles: quantileMethod },
      durations: summariseDurations(incidents),
      byTeam: groupIncidents(incidents, ({ team }) => team).slice(0, listedMax),
      byModel: groupIncidents(incidents, (one) => one.model).slice(0, listedMax),
      byCause: groupIncidents(incidents, ({ causeClass }) => causeClass).slice(0, listedMax),
      recurrences: findRecurrences(incidents)
        .slice(0, listedMax)
        .flatMap(({ incidents: own, medianGapMs }) => {
          const newest = own.at(-1);
          if (newest === undefined) return [];
          return [
            {
              title: newest.title,
              model: newest.model,
              causeClass: causeOf.get(newest.id) ?? "other",
              medianGapMs,
              incidentCount: own.length,
              incidents: own.toReversed().slice(0, recurringNamedMax).map(toNamed),
            },
          ];
        }),
      actionItems: await judgeActionItems(ctx, incidents),
      worth: judge(incidents),
      monitors: judgeMonitors(incidents).slice(0, listedMax),
    };
  },
});

async function judgeActionItems(ctx: ServiceContext, incidents: readonly InsightIncident[]) {
  const numbers = new Map(incidents.map(({ id, number }) => [id, number]));
  const items = await listItemsOfIncidents(ctx, [...numbers.keys()]);
  const judged = judgeItems(
    items.flatMap((row) =>
      row.incidentId === null ? [] : [{ ...row, incidentId: row.incidentId }],
    ),
    incidents,
  );
  const countOf = (outcome: ItemOutcome) => judged.filter((one) => one.outcome === outcome).length;
  return {
    counts: {
      held: countOf("held"),
      came_back: countOf("came_back"),
      reopened: countOf("reopened"),
      open: countOf("open"),
      wont_do: countOf("wont_do"),
    },
    items: judged.slice(0, listedMax).map(({ item, outcome, cameBackAs }) => ({
      number: item.number,
      title: item.title,
      incident: numbers.get(item.incidentId) ?? 0,
      outcome,
      doneAt: item.doneAt?.toISOString() ?? null,
      cameBackAs,
    })),
  };
}

const toNamed = ({ number, stamps, verdict, resolution }: InsightIncident) => ({
  number,
  detectedAt: stamps.detectedAt.toISOString(),
  verdict,
  resolution,
});

async function toInsightIncidents(
  ctx: ServiceContext,
  rows: Awaited<ReturnType<typeof listInsightIncidents>>,
): Promise<InsightIncident[]> {
  const ids = rows.map(({ incident }) => incident.id);
  const [pages, links] = [await countPages(ctx, ids), await listMonitorsOfIncidents(ctx, ids)];
  const names = new Map(links.map(({ monitorId, monitorName }) => [monitorId, monitorName]));
  const monitors = new Map<string, Set<string>>();
  for (const { incidentId, monitorId } of links)
    monitors.set(incidentId, (monitors.get(incidentId) ?? new Set()).add(monitorId));
  return rows.map(({ incident, team }) => ({
    id: incident.id,
    number: incident.number,
    title: incident.title,
    model: incident.modelName,
    team,
    causeClass: incident.causeClass,
    trouble: groupKeyOf(incident),
    stamps: {
      impactStartedAt: incident.impactStartedAt,
      detectedAt: incident.detectedAt,
      acknowledgedAt: incident.acknowledgedAt,
      mitigatedAt: incident.mitigatedAt,
      resolvedAt: incident.resolvedAt,
      closedAt: incident.closedAt,
    },
    verdict: incident.verdict,
    resolution: incident.resolution,
    pageCount: pages.get(incident.id) ?? 0,
    monitors: [...(monitors.get(incident.id) ?? [])].map((id) => ({
      id,
      name: names.get(id) ?? "",
    })),
  }));
}
