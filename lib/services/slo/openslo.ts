import { z } from "zod";
import type { NamedSlo } from "#db/postgres/queries/slo.ts";
import { createSloInput } from "#lib/api/slo.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { SloIndicator, SloPeriod } from "#lib/domain/slo.ts";
import { budgetingMethodOf, sliceMsOf, sloIndicatorSchema } from "#lib/domain/slo.ts";

export type NewSlo = z.output<typeof createSloInput>;

const methods = { time_slices: "Timeslices", occurrences: "Occurrences" } as const;
const calendarUnits = { week: "1w", month: "1M", quarter: "1Q" } as const;

/** The bound of an indicator, as OpenSLO says it: an operator and a value beside the metric. */
function boundOf(indicator: SloIndicator): { op: "lte" | "gte"; value: number } {
  switch (indicator.kind) {
    case "freshness":
      return { op: "lte", value: indicator.ageMs };
    case "latency":
      return { op: "lte", value: indicator.latencyMs };
    case "drift":
      return { op: "lte", value: indicator.driftedMax };
    case "quality":
      return { op: "lte", value: indicator.problemMax };
    case "performance":
      return {
        op: indicator.operator === "at_least" ? "gte" : "lte",
        value: indicator.threshold,
      };
  }
}

/** The same indicator with another bound. */
function withBound(source: unknown, { op, value }: { op?: string; value?: number }): unknown {
  if (typeof source !== "object" || source === null || value === undefined) return source;
  const kind = "kind" in source ? source.kind : undefined;
  switch (kind) {
    case "freshness":
      return { ...source, ageMs: value };
    case "latency":
      return { ...source, latencyMs: value };
    case "drift":
      return { ...source, driftedMax: value };
    case "quality":
      return { ...source, problemMax: value };
    case "performance": {
      const operator = op?.startsWith("g") === true ? "at_least" : "at_most";
      return { ...source, threshold: value, ...(op !== undefined && { operator }) };
    }
    default:
      return source;
  }
}

/** One objective as a document of openslo/v1. The metric source is ours: what it asks is in its spec. */
export function toOpenslo({ slo, model }: NamedSlo): object {
  const method = budgetingMethodOf(slo.indicator.kind);
  const sliceMinutes = sliceMsOf[slo.indicator.kind] / 60_000;
  return {
    apiVersion: "openslo/v1",
    kind: "SLO",
    metadata: { name: slugOf(slo.name), displayName: slo.name },
    spec: {
      description: slo.description,
      service: model,
      indicator: {
        metadata: { name: slugOf(`${slo.name}-indicator`) },
        spec: {
          thresholdMetric: {
            metricSource: {
              type: "Plumbline",
              spec: {
                model,
                environment: slo.environment,
                ...(slo.version !== null && { version: slo.version }),
                ...slo.indicator,
                badCountMin: slo.badCountMin,
              },
            },
          },
        },
      },
      timeWindow: [toTimeWindow(slo.period)],
      budgetingMethod: methods[method],
      objectives: [
        {
          ...boundOf(slo.indicator),
          target: slo.objective,
          ...(method === "time_slices" && {
            timeSliceTarget: slo.objective,
            timeSliceWindow: `${sliceMinutes}m`,
          }),
        },
      ],
    },
  };
}

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 63) || "slo";

function toTimeWindow(period: SloPeriod): object {
  if (period.kind === "rolling") return { duration: `${period.days}d`, isRolling: true };
  const calendar = { startTime: "2026-01-01 00:00:00", timeZone: period.timeZone };
  return { duration: calendarUnits[period.unit], isRolling: false, calendar };
}

const documentSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), displayName: z.string().optional() }),
  spec: z.unknown(),
});

const sloSpecSchema = z.looseObject({
  description: z.string().optional(),
  service: z.string().optional(),
  indicator: z.looseObject({
    spec: z.looseObject({
      thresholdMetric: z.looseObject({
        metricSource: z.looseObject({
          type: z.string(),
          spec: z.looseObject({
            model: z.string().optional(),
            environment: z.string().optional(),
            version: z.string().optional(),
            badCountMin: z.int().optional(),
          }),
        }),
      }),
    }),
  }),
  timeWindow: z
    .array(
      z.looseObject({
        duration: z.string(),
        isRolling: z.boolean().optional(),
        calendar: z.looseObject({ timeZone: z.string() }).optional(),
      }),
    )
    .length(1),
  budgetingMethod: z.enum(["Occurrences", "Timeslices"]),
  objectives: z
    .array(
      z.looseObject({
        displayName: z.string().optional(),
        op: z.enum(["lte", "gte", "lt", "gt"]).optional(),
        value: z.number().optional(),
        target: z.number().optional(),
        targetPercent: z.number().optional(),
      }),
    )
    .min(1)
    .max(10),
});

/** What the objectives of some OpenSLO documents are here, and what of them has no counterpart. Refuses with the path of what is wrong. */
export function fromOpenslo(documents: readonly unknown[]): { slos: NewSlo[]; notes: string[] } {
  const slos: NewSlo[] = [];
  const notes: string[] = [];
  for (const [i, raw] of documents.entries()) {
    const document = read(documentSchema, raw, `document ${i + 1}`);
    const { name, displayName } = document.metadata;
    const what = `"${name}"`;
    if (document.apiVersion !== "openslo/v1")
      throw refusal(`document ${i + 1}.apiVersion`, 'must be "openslo/v1"');
    if (document.kind !== "SLO") {
      notes.push(`${document.kind} ${what} has no counterpart here and was left out.`);
      continue;
    }
    const spec = read(sloSpecSchema, document.spec, `${what}.spec`);
    const found = toNewSlos({ name: displayName ?? name, what }, spec);
    slos.push(...found);
    if ("alertPolicies" in spec)
      notes.push(`${what}: alertPolicies were left out; tiers are derived from the objective.`);
  }
  return { slos, notes };
}

function toNewSlos(
  { name, what }: { name: string; what: string },
  spec: z.output<typeof sloSpecSchema>,
): NewSlo[] {
  const { metricSource } = spec.indicator.spec.thresholdMetric;
  if (metricSource.type.toLowerCase() !== "plumbline") {
    throw refusal(
      `${what}.spec.indicator.spec.thresholdMetric.metricSource.type`,
      'must be "Plumbline": its spec says which model and what is measured',
    );
  }
  const { model, environment, version, badCountMin, ...source } = metricSource.spec;
  const [window] = spec.timeWindow;
  if (window === undefined) throw refusal(`${what}.spec.timeWindow`, "must have one entry");
  return spec.objectives.map((objective, i) => {
    const path = `${what}.spec.objectives.${i}`;
    const { op, value, targetPercent } = objective;
    const bound = { ...(op !== undefined && { op }), ...(value !== undefined && { value }) };
    const indicator = read(sloIndicatorSchema, withBound(source, bound), `${path}: the indicator`);
    const method = methods[budgetingMethodOf(indicator.kind)];
    if (method !== spec.budgetingMethod)
      throw refusal(`${what}.spec.budgetingMethod`, `must be ${method} of ${indicator.kind}`);
    const target =
      objective.target ?? (targetPercent === undefined ? undefined : targetPercent / 100);
    return read(
      createSloInput,
      {
        name: spec.objectives.length === 1 ? name : `${name}: ${objective.displayName ?? i + 1}`,
        description: spec.description ?? "",
        model: model ?? spec.service,
        environment,
        version,
        badCountMin,
        indicator,
        objective: target,
        period: toPeriod(window, `${what}.spec.timeWindow.0`),
      },
      path,
    );
  });
}

function toPeriod(
  window: z.output<typeof sloSpecSchema>["timeWindow"][number],
  path: string,
): SloPeriod {
  const match = /^(\d+)([dwMQ])$/.exec(window.duration);
  const count = Number(match?.[1]);
  const unit = match?.[2];
  if (window.isRolling !== false && unit === "d") return { kind: "rolling", days: count };
  if (window.isRolling !== false && unit === "w") return { kind: "rolling", days: 7 * count };
  const timeZone = window.calendar?.timeZone;
  if (window.isRolling === false && count === 1 && timeZone !== undefined) {
    if (unit === "w") return { kind: "calendar", unit: "week", timeZone };
    if (unit === "M") return { kind: "calendar", unit: "month", timeZone };
    if (unit === "Q") return { kind: "calendar", unit: "quarter", timeZone };
  }
  throw refusal(
    `${path}.duration`,
    "must be days or weeks of a rolling window, or 1w, 1M or 1Q of a calendar with its zone",
  );
}

function read<T extends z.ZodType>(schema: T, value: unknown, path: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = [path, ...(issue?.path ?? [])].join(".");
  throw refusal(where, issue?.message ?? "is not as expected");
}

function refusal(path: string, message: string): AppError {
  return new AppError("invalid_request", `${path}: ${message}.`, { details: [{ path, message }] });
}
