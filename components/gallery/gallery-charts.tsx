"use client";

import { prepareDistribution } from "#lib/charts/prepare-distribution.ts";
import { prepareDriftSeries } from "#lib/charts/prepare-drift-series.ts";
import { prepareHeatMap } from "#lib/charts/prepare-heat-map.ts";
import { prepareLagChart } from "#lib/charts/prepare-lag-chart.ts";
import { prepareSparkline } from "#lib/charts/prepare-sparkline.ts";
import { prepareUsualVolume } from "#lib/charts/prepare-usual-volume.ts";
import { prepareVolumeChart } from "#lib/charts/prepare-volume-chart.ts";
import { DistributionChart } from "../charts/distribution-chart.tsx";
import { HeatMap } from "../charts/heat-map.tsx";
import { Sparkline } from "../charts/sparkline.tsx";
import type { UseTimeMarks } from "../charts/time-marks.ts";
import { TimeMarksContext } from "../charts/time-marks.ts";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { QuestionList } from "../drift/question-list.tsx";
import { StatisticTable } from "../drift/statistic-table.tsx";
import {
  fixtureCategoricalDetail,
  fixtureDrift,
  fixtureNumericDetail,
  manyFeatures,
} from "./fixture-drift.ts";
import { fixtureFreshness, fixtureVolume } from "./fixture-volume.ts";
import { GalleryBars } from "./gallery-bars.tsx";
import { Specimen } from "./specimen.tsx";

const zone = "Europe/Berlin";
const ignore = () => {};
const noGap: [number, number] = [0, 0];

const volumes = [
  {
    name: "rows per hour in the band of what is usual",
    model: prepareUsualVolume(fixtureVolume(), zone),
  },
  { name: "volume, two versions and a gap", model: prepareVolumeChart(fixtureVolume(), zone) },
  {
    name: "volume, one version",
    model: prepareVolumeChart(fixtureVolume({ versionCount: 1, gap: noGap }), zone),
  },
  {
    name: "volume, thirty versions",
    model: prepareVolumeChart(fixtureVolume({ versionCount: 30 }), zone),
  },
  {
    name: "volume, one bucket",
    model: prepareVolumeChart(fixtureVolume({ bucketCount: 1, gap: noGap }), zone),
  },
  {
    name: "volume, nothing",
    model: prepareVolumeChart(fixtureVolume({ versionCount: 0, bucketCount: 24 }), zone),
  },
];

const heatMaps = [
  { name: "heat map, six rows and a gap", model: prepareHeatMap(fixtureDrift(), zone) },
  {
    name: "heat map, a thousand features",
    model: prepareHeatMap(fixtureDrift({ shapes: manyFeatures(1_000), bucketCount: 120 }), zone),
  },
  {
    name: "heat map, one bucket",
    model: prepareHeatMap(fixtureDrift({ bucketCount: 1, gap: noGap }), zone),
  },
];

const numeric = fixtureNumericDetail();
const unequal = {
  ...numeric,
  bins: numeric.bins.map((bin, index) =>
    bin.from === null || bin.until === null
      ? bin
      : { ...bin, from: 2 ** (index / 2) - 1, until: 2 ** ((index + 1) / 2) - 1 },
  ),
};
const distributions = [
  { name: "distribution, numeric with missing", model: prepareDistribution(numeric) },
  { name: "distribution, bins of unequal width", model: prepareDistribution(unequal) },
  {
    name: "distribution, categories with a new one",
    model: prepareDistribution(fixtureCategoricalDetail()),
  },
  {
    name: "distribution, four hundred categories",
    model: prepareDistribution(fixtureCategoricalDetail(400)),
  },
  {
    name: "distribution, no baseline",
    model: prepareDistribution({ ...numeric, referenceSide: null }),
  },
  { name: "distribution, nothing", model: prepareDistribution({ ...numeric, bins: [] }) },
];

const sparklines = [
  { name: "a day and a night", counts: [3, 5, 9, 12, 9, 5, 3, 2, 3, 5, 9, 13, 10, 6] },
  {
    name: "not profiled at first",
    counts: [null, null, null, null, 9, 5, 3, 2, 3, 5, 9, 13, 10, 6],
  },
  { name: "nothing came", counts: [0, 0, 0, 0, 0, 0, 0] },
  { name: "nothing is known", counts: [null, null, null, null] },
];

/** Two near each other, one alone, and one of each kind. */
const useFixtureMarks: UseTimeMarks = ([fromMs, untilMs]) => {
  const at = (share: number) => fromMs + (untilMs - fromMs) * share;
  return [
    { timeMs: at(0.3), kind: "change", text: "Deployment: eta 7 to production" },
    { timeMs: at(0.305), kind: "change", text: "Configuration: threshold 0.4" },
    { timeMs: at(0.62), kind: "incident", text: "#12 eta drifts on 2 of 5 features" },
    { timeMs: at(0.85), kind: "change", text: "Rollback: eta 6 to production" },
  ];
};

export function GalleryCharts() {
  return (
    <>
      {volumes.map(({ name, model }) => (
        <Specimen key={name} name={name}>
          <TimeSeriesChart title="Volume by version" model={model} />
        </Specimen>
      ))}
      {volumes.slice(0, 1).map(({ model }) => (
        <Specimen key="marks" name="what was changed and what broke, on the time axis">
          <TimeMarksContext value={useFixtureMarks}>
            <TimeSeriesChart title="Volume by version" model={model} />
          </TimeMarksContext>
        </Specimen>
      ))}
      <Specimen name="lag">
        <TimeSeriesChart
          title="How late rows arrive"
          model={prepareLagChart(fixtureFreshness(), zone)}
          height={180}
        />
      </Specimen>
      <Specimen name="drift over time, with the noise band">
        <TimeSeriesChart
          title="Over time"
          model={prepareDriftSeries(numeric, "psi", zone)}
          height={160}
        />
      </Specimen>
      {heatMaps.map(({ name, model }) => (
        <Specimen key={name} name={name}>
          <HeatMap
            title="Drift over time"
            model={model}
            openKey="feature:distance"
            onOpen={ignore}
          />
        </Specimen>
      ))}
      <div className="grid gap-x-8 xl:grid-cols-2">
        {distributions.map(({ name, model }) => (
          <Specimen key={name} name={name}>
            <DistributionChart
              title="Distribution"
              model={model}
              referenceLabel="baseline training (2026.11.1)"
              windowLabel="in the last 7 days"
            />
          </Specimen>
        ))}
      </div>
      {numeric.drift !== null && (
        <div className="grid gap-x-8 xl:grid-cols-2">
          <Specimen name="what the verdict rests on">
            <QuestionList drift={numeric.drift} />
          </Specimen>
          <Specimen name="statistics">
            <StatisticTable drift={numeric.drift} explained={null} onExplain={ignore} />
          </Specimen>
        </div>
      )}
      <Specimen name="sparklines">
        <div className="flex flex-wrap gap-8">
          {sparklines.map(({ name, counts }) => (
            <div key={name}>
              <Sparkline model={prepareSparkline(counts)} />
              <p className="mt-1 text-ink-3 text-xs">{name}</p>
            </div>
          ))}
        </div>
      </Specimen>
      <GalleryBars />
    </>
  );
}
