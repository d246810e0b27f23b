import type { Fleet } from "#lib/api/fleet.ts";
import { fixtureId, fixtureNowMs, fixtureRandom } from "./fixture-random.ts";

type FleetModel = Fleet["models"][number];

const base: Omit<FleetModel, "id" | "name" | "volume"> = {
  task: "binary",
  tier: 1,
  environment: "production",
  version: "2026.11.1",
  versionCount: 2,
  health: "healthy",
  reasons: [],
  rowCount: 1_213_400,
  previousRowCount: 1_310_000,
  lastEventAt: new Date(fixtureNowMs - 4_000).toISOString(),
  featureCount: 6,
  driftCount: 0,
  cannotSayCount: 0,
  hasBaseline: true,
  incident: null,
};

export function fixtureFleet(count = 7): Fleet {
  const random = fixtureRandom(21);
  const special: Partial<FleetModel>[] = [
    {
      name: "eta",
      health: "breach",
      driftCount: 2,
      cannotSayCount: 1,
      reasons: [
        "prediction drifts: PSI 0.31 (noise 0.0006)",
        "distance drifts: PSI 0.22 (noise 0.0006)",
      ],
    },
    {
      name: "fraud-score",
      health: "watch",
      driftCount: 1,
      rowCount: 88_120,
      previousRowCount: 240_000,
      versionCount: 1,
      reasons: ["63 % fewer rows than in the 7 days before"],
    },
    {
      name: "churn-weekly-batch-for-all-of-europe-and-the-middle-east",
      health: "unknown",
      hasBaseline: false,
      rowCount: 412,
      previousRowCount: 0,
      reasons: ["no baseline to compare with"],
      lastEventAt: new Date(fixtureNowMs - 93_600_000).toISOString(),
    },
    {
      name: "demand",
      health: "unknown",
      rowCount: 38,
      previousRowCount: 41,
      cannotSayCount: 6,
      reasons: ["38 rows, 100 needed"],
    },
    { name: "ranking" },
    { name: "pricing", rowCount: 9_871_230, previousRowCount: 9_611_000, versionCount: 1 },
    { name: "spam" },
  ];
  return {
    from: new Date(fixtureNowMs - 604_800_000).toISOString(),
    until: new Date(fixtureNowMs).toISOString(),
    environments: ["production", "staging"],
    models: Array.from({ length: count }, (_, index) => {
      const own = special[index] ?? { name: `model-${String(index).padStart(4, "0")}` };
      const level = random();
      return {
        ...base,
        ...own,
        id: fixtureId(index),
        name: own.name ?? "model",
        volume: Array.from({ length: 28 }, (__, at) => {
          if (index === 2 && at < 20) return null;
          if (index === 1 && at > 17) return Math.round(20 * random());
          return Math.round((0.5 + level + Math.sin(at * 1.6) * 0.3) * 100);
        }),
      };
    }),
  };
}
