import type { IncidentStamps, IncidentVerdict } from "#lib/domain/incident.ts";
import type { InsightMeasure, ItemOutcome } from "#lib/domain/insight.ts";
import { insightLimits, insightMeasures } from "#lib/domain/insight.ts";
import type { ShareInterval } from "#lib/stats/share-interval.ts";
import { shareInterval } from "#lib/stats/share-interval.ts";
import { quantileOf } from "#lib/stats/volume-band.ts";

/** An incident as far as it counts for others. */
export interface InsightIncident {
  id: string;
  number: number;
  title: string;
  model: string | null;
  team: string | null;
  causeClass: string;
  /** What it was about: the same place and the same kind of cause is the same trouble again. */
  trouble: string;
  stamps: IncidentStamps;
  verdict: IncidentVerdict | null;
  resolution: string | null;
  /** Messages that asked somebody to look. */
  pageCount: number;
  monitors: readonly { id: string; name: string }[];
}

export interface DurationSummary {
  measure: InsightMeasure;
  medianMs: number | null;
  p90Ms: number | null;
  /** Incidents that have both moments. */
  count: number;
  /** Those that lack one of them: still going on, or never written down. They are no zero. */
  withoutCount: number;
}

/** null: one of the two moments is missing. */
function durationMs(
  { stamps }: Pick<InsightIncident, "stamps">,
  measure: InsightMeasure,
): number | null {
  const [from, until] = momentsOf(stamps, measure);
  return from === null || until === null ? null : until.getTime() - from.getTime();
}

function momentsOf(stamps: IncidentStamps, measure: InsightMeasure): [Date | null, Date | null] {
  switch (measure) {
    case "detect":
      return [stamps.impactStartedAt, stamps.detectedAt];
    case "acknowledge":
      return [stamps.detectedAt, stamps.acknowledgedAt];
    case "mitigate":
      return [stamps.impactStartedAt, stamps.mitigatedAt];
    case "resolve":
      return [stamps.impactStartedAt, stamps.resolvedAt];
  }
}

export function summariseDurations(incidents: readonly InsightIncident[]): DurationSummary[] {
  return insightMeasures.map((measure) => {
    const known = incidents.flatMap((one) => durationMs(one, measure) ?? []);
    return {
      measure,
      medianMs: known.length === 0 ? null : quantileOf(known, 0.5),
      p90Ms: known.length === 0 ? null : quantileOf(known, 0.9),
      count: known.length,
      withoutCount: incidents.length - known.length,
    };
  });
}

export interface InsightGroup {
  name: string | null;
  incidentCount: number;
  durations: DurationSummary[];
}

/** One summary per team, model or cause, the one with the most incidents first. */
export function groupIncidents(
  incidents: readonly InsightIncident[],
  nameOf: (incident: InsightIncident) => string | null,
): InsightGroup[] {
  return [...Map.groupBy(incidents, nameOf)]
    .map(([name, own]) => ({
      name,
      incidentCount: own.length,
      durations: summariseDurations(own),
    }))
    .sort(
      (a, b) =>
        b.incidentCount - a.incidentCount || (a.name ?? "\uffff").localeCompare(b.name ?? "\uffff"),
    );
}

export interface Recurrence {
  trouble: string;
  /** Oldest first. */
  incidents: InsightIncident[];
  /** From the end of one to the beginning of the next; null where none of them has ended. */
  medianGapMs: number | null;
}

/** Trouble that came back, the most often first. */
export function findRecurrences(incidents: readonly InsightIncident[]): Recurrence[] {
  return [...Map.groupBy(incidents, ({ trouble }) => trouble)]
    .flatMap(([trouble, own]) => {
      if (own.length < 2) return [];
      const ordered = own.toSorted(
        (a, b) => a.stamps.detectedAt.getTime() - b.stamps.detectedAt.getTime(),
      );
      const gaps = ordered.flatMap((next, i) => {
        const end = ordered[i - 1]?.stamps.resolvedAt ?? null;
        if (end === null) return [];
        // One that was split off, or declared beside another, begins before that one ends.
        return [Math.max(0, next.stamps.detectedAt.getTime() - end.getTime())];
      });
      return [
        {
          trouble,
          incidents: ordered,
          medianGapMs: gaps.length === 0 ? null : quantileOf(gaps, 0.5),
        },
      ];
    })
    .sort((a, b) => b.incidents.length - a.incidents.length || (a.trouble < b.trouble ? -1 : 1));
}

/** What was worth being woken for. The others teach that a monitor asks too much. */
const real: ReadonlySet<IncidentVerdict> = new Set(["real_degradation", "data_bug"]);

export interface MonitorWorth {
  monitorId: string;
  name: string;
  incidentCount: number;
  /** Of its incidents, whoever else's alerts are in them too. */
  pageCount: number;
  /** Incidents that were closed with a verdict, and of those the ones about something real. */
  judgedCount: number;
  realCount: number;
  /** The real share of the judged with its 95 % interval (Wilson); null where none is judged. */
  realShare: (ShareInterval & { value: number }) | null;
  /** Pages of judged incidents for each real one; null where none was real. */
  pagesPerReal: number | null;
  /** Even at best fewer than half of its pages are about something real. */
  isForRetirement: boolean;
}

/** What the pages of each monitor were worth, by the verdicts, the least worth first. */
export function judgeMonitors(incidents: readonly InsightIncident[]): MonitorWorth[] {
  const own = new Map<string, { name: string; incidents: InsightIncident[] }>();
  for (const incident of incidents)
    for (const { id, name } of incident.monitors) {
      const known = own.get(id) ?? { name, incidents: [] };
      own.set(id, { name, incidents: [...known.incidents, incident] });
    }
  return [...own]
    .map(([monitorId, { name, incidents: its }]) => ({ monitorId, name, ...judge(its) }))
    .sort(
      (a, b) =>
        Number(b.isForRetirement) - Number(a.isForRetirement) ||
        b.pageCount - a.pageCount ||
        a.name.localeCompare(b.name) ||
        a.monitorId.localeCompare(b.monitorId),
    );
}

/** The same of all incidents together. */
export function judge(
  incidents: readonly InsightIncident[],
): Omit<MonitorWorth, "monitorId" | "name"> {
  const pagesOf = (some: readonly InsightIncident[]) =>
    some.reduce((sum, { pageCount }) => sum + pageCount, 0);
  const judged = incidents.filter(({ verdict }) => verdict !== null);
  const realCount = judged.filter(({ verdict }) => verdict !== null && real.has(verdict)).length;
  const interval = shareInterval({ count: realCount, total: judged.length });
  return {
    incidentCount: incidents.length,
    pageCount: pagesOf(incidents),
    judgedCount: judged.length,
    realCount,
    realShare: interval === null ? null : { ...interval, value: realCount / judged.length },
    pagesPerReal: realCount === 0 ? null : pagesOf(judged) / realCount,
    isForRetirement:
      judged.length >= insightLimits.judgedMin && interval !== null && interval.upper < 0.5,
  };
}

export interface InsightItem {
  number: number;
  title: string;
  incidentId: string;
  state: "open" | "in_progress" | "done" | "wont_do";
  doneAt: Date | null;
  /** It was done once, and its acceptance test or a person opened it again. */
  wasReopened: boolean;
}

export interface JudgedItem {
  item: InsightItem;
  outcome: ItemOutcome;
  /** The first incident of the same trouble after it was done; null where none came. */
  cameBackAs: number | null;
}

const outcomeOrder: readonly ItemOutcome[] = ["came_back", "reopened", "open", "held", "wont_do"];

/** Whether action items held: one that is done holds as long as the trouble of its incident has not come back since. */
export function judgeItems(
  items: readonly InsightItem[],
  incidents: readonly InsightIncident[],
): JudgedItem[] {
  const byId = new Map(incidents.map((one) => [one.id, one]));
  const byTrouble = Map.groupBy(incidents, ({ trouble }) => trouble);
  return items
    .map((item): JudgedItem => {
      if (item.state === "wont_do") return { item, outcome: "wont_do", cameBackAs: null };
      const { doneAt } = item;
      if (item.state !== "done" || doneAt === null)
        return { item, outcome: item.wasReopened ? "reopened" : "open", cameBackAs: null };
      const trouble = byId.get(item.incidentId)?.trouble;
      const later = (trouble === undefined ? [] : (byTrouble.get(trouble) ?? [])).filter(
        ({ id, stamps }) => id !== item.incidentId && stamps.detectedAt > doneAt,
      );
      const cameBackAs = later.length === 0 ? null : Math.min(...later.map((one) => one.number));
      return { item, outcome: cameBackAs === null ? "held" : "came_back", cameBackAs };
    })
    .sort(
      (a, b) =>
        outcomeOrder.indexOf(a.outcome) - outcomeOrder.indexOf(b.outcome) ||
        a.item.number - b.item.number,
    );
}
