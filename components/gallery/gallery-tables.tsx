"use client";

import { DriftTable } from "../drift/drift-table.tsx";
import { FleetTable } from "../fleet/fleet-table.tsx";
import { FreshnessTable } from "../freshness/freshness-table.tsx";
import { RootCauseAnswer } from "../root-cause/root-cause-answer.tsx";
import { RootCauseSkeleton } from "../root-cause/root-cause-skeleton.tsx";
import { fixtureDrift } from "./fixture-drift.ts";
import { fixtureFleet } from "./fixture-fleet.ts";
import { fixtureRootCause } from "./fixture-root-cause.ts";
import { fixtureFreshness } from "./fixture-volume.ts";
import { Specimen } from "./specimen.tsx";

const ignore = () => {};
const fleet = fixtureFleet();
const largeFleet = fixtureFleet(1_000);
const drift = fixtureDrift();
const freshness = fixtureFreshness();
const causes = {
  "what explains it": fixtureRootCause(),
  "what explains it, nothing moved": fixtureRootCause({ verdict: "no_move" }),
  "what explains it, cannot say": fixtureRootCause({
    verdict: "cannot_say",
    change: null,
    reason: "38 rows with a label in the window, 100 needed",
  }),
  "what explains it, nothing learned": fixtureRootCause({
    features: [],
    interaction: null,
    remainder: null,
    surrogate: { ...fixtureRootCause().surrogate, state: "poor_fit", reason: "the fit is poor" },
  }),
};

export function GalleryTables() {
  return (
    <>
      <Specimen name="fleet">
        <FleetTable workspace="demo" fleet={fleet} />
      </Specimen>
      <Specimen name="fleet, a thousand models">
        <FleetTable workspace="demo" fleet={largeFleet} />
      </Specimen>
      <Specimen name="features by drift">
        <DriftTable drift={drift} openKey="feature:distance" isNarrow={false} onOpen={ignore} />
      </Specimen>
      <Specimen name="features by age">
        <FreshnessTable freshness={freshness} />
      </Specimen>
      {Object.entries(causes).map(([name, cause]) => (
        <Specimen key={name} name={name}>
          <RootCauseAnswer workspace="demo" model="eta" cause={cause} />
        </Specimen>
      ))}
      <Specimen name="what explains it, loading">
        <RootCauseSkeleton />
      </Specimen>
    </>
  );
}
