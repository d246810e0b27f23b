import { describe, expect, test } from "vitest";
import type { NamedSlo } from "#db/postgres/queries/slo.ts";
import type { SloIndicator, SloPeriod } from "#lib/domain/slo.ts";
import { fromOpenslo, toOpenslo } from "./openslo.ts";

const madeAt = new Date("2026-01-01T00:00:00Z");
const buildSlo = (
  indicator: SloIndicator,
  period: SloPeriod,
  version: string | null = null,
): NamedSlo => ({
  model: "eta",
  slo: {
    id: "00000000-0000-4000-8000-000000000001",
    workspaceId: "00000000-0000-4000-8000-000000000002",
    modelId: "00000000-0000-4000-8000-000000000003",
    name: "eta is fresh",
    description: "as promised",
    environment: "production",
    version,
    indicator,
    objective: 0.99,
    period,
    badCountMin: 3,
    destinationIds: [],
    isEnabled: true,
    revision: 1,
    dueAt: madeAt,
    measuredUntil: null,
    sweptAt: null,
    error: "",
    createdAt: madeAt,
    updatedAt: madeAt,
  },
});
const rolling: SloPeriod = { kind: "rolling", days: 28 };

test.each<[SloIndicator, SloPeriod, string | null]>([
  [{ kind: "freshness", ageMs: 900_000 }, rolling, null],
  [{ kind: "latency", latencyMs: 12.5 }, { kind: "rolling", days: 7 }, "7"],
  [
    { kind: "drift", reference: "trailing", driftedMax: 2 },
    { kind: "calendar", unit: "week", timeZone: "Europe/Berlin" },
    null,
  ],
  [
    { kind: "quality", problemMax: 0 },
    { kind: "calendar", unit: "quarter", timeZone: "UTC" },
    null,
  ],
  [
    { kind: "performance", metric: "rmse", operator: "at_most", threshold: -3.5 },
    { kind: "calendar", unit: "month", timeZone: "UTC" },
    null,
  ],
])("%j over %j of version %s comes back as it went", (indicator, period, version) => {
  const { slo } = buildSlo(indicator, period, version);
  const { slos, notes } = fromOpenslo([toOpenslo(buildSlo(indicator, period, version))]);
  expect(notes).toEqual([]);
  const { name, description, environment, objective, badCountMin } = slo;
  expect(slos).toEqual([
    {
      name,
      description,
      model: "eta",
      environment,
      version,
      indicator,
      objective,
      period,
      badCountMin,
      destinationIds: [],
      isEnabled: true,
    },
  ]);
});

const document = (changes: object = {}, objective: object = {}) => ({
  apiVersion: "openslo/v1",
  kind: "SLO",
  metadata: { name: "fresh" },
  spec: {
    service: "eta",
    indicator: {
      metadata: { name: "fresh" },
      spec: {
        thresholdMetric: {
          metricSource: { type: "plumbline", spec: { kind: "freshness", ageMs: 1_000 } },
        },
      },
    },
    timeWindow: [{ duration: "4w", isRolling: true }],
    budgetingMethod: "Timeslices",
    objectives: [{ op: "lte", value: 60_000, target: 0.95, ...objective }],
    ...changes,
  },
});

describe("what others write", () => {
  test("takes the objective's value for the bound, the service for the model, and weeks for days", () => {
    const [slo] = fromOpenslo([document()]).slos;
    expect(slo).toMatchObject({
      name: "fresh",
      model: "eta",
      environment: "production",
      indicator: { kind: "freshness", ageMs: 60_000 },
      period: { kind: "rolling", days: 28 },
      objective: 0.95,
    });
  });

  test("takes a target in percent, and one objective for each that is named", () => {
    const objectives = [
      { displayName: "good", value: 60_000, targetPercent: 90 },
      { displayName: "great", value: 1_000, target: 0.5 },
    ];
    expect(
      fromOpenslo([document({ objectives })]).slos.map(({ name, objective }) => [name, objective]),
    ).toEqual([
      ["fresh: good", 0.9],
      ["fresh: great", 0.5],
    ]);
  });

  test("says what has no counterpart here", () => {
    const service = {
      apiVersion: "openslo/v1",
      kind: "Service",
      metadata: { name: "eta" },
      spec: {},
    };
    expect(fromOpenslo([service, document({ alertPolicies: ["page"] })]).notes).toEqual([
      'Service "eta" has no counterpart here and was left out.',
      '"fresh": alertPolicies were left out; tiers are derived from the objective.',
    ]);
  });

  test.each<[string, unknown, string]>([
    ["another version", { ...document(), apiVersion: "openslo/v2" }, "document 1.apiVersion"],
    ["no document", "text", "document 1"],
    [
      "another method",
      document({ budgetingMethod: "Occurrences" }),
      '"fresh".spec.budgetingMethod',
    ],
    ["no target", document({}, { target: undefined }), '"fresh".spec.objectives.0.objective'],
    ["a target of all", document({}, { target: 1 }), '"fresh".spec.objectives.0.objective'],
    [
      "months that roll",
      document({ timeWindow: [{ duration: "1M", isRolling: true }] }),
      '"fresh".spec.timeWindow.0.duration',
    ],
    [
      "a calendar without its zone",
      document({ timeWindow: [{ duration: "1M", isRolling: false }] }),
      '"fresh".spec.timeWindow.0.duration',
    ],
    [
      "another source",
      document({
        indicator: {
          spec: { thresholdMetric: { metricSource: { type: "Prometheus", spec: {} } } },
        },
      }),
      '"fresh".spec.indicator.spec.thresholdMetric.metricSource.type',
    ],
  ])("refuses %s and says where", (_, raw, path) => {
    let error: unknown;
    try {
      fromOpenslo([raw]);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: "invalid_request", details: [{ path }] });
  });
});
