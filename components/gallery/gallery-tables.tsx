"use client";

import { DriftTable } from "../drift/drift-table.tsx";
import { FleetTable } from "../fleet/fleet-table.tsx";
import { FreshnessTable } from "../freshness/freshness-table.tsx";
import { fixtureDrift } from "./fixture-drift.ts";
import { fixtureFleet } from "./fixture-fleet.ts";
import { fixtureFreshness } from "./fixture-volume.ts";
import { Specimen } from "./specimen.tsx";

const ignore = () => {};
const fleet = fixtureFleet();
const largeFleet = fixtureFleet(1_000);
const drift = fixtureDrift();
const freshness = fixtureFreshness();

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
    </>
  );
}
