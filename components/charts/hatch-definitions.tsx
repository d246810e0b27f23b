import { HatchPattern } from "./hatch-pattern.tsx";
import { heatHatchId } from "./heat-map-row.tsx";

/** The patterns that the rows of a heat map refer to; once on a page that draws any. */
export function HatchDefinitions() {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden="true">
      <HatchPattern id={heatHatchId} />
    </svg>
  );
}
