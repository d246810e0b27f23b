import { HatchPattern } from "./hatch-pattern.tsx";
import { heatHatchId } from "./heat-map-row.tsx";

/** The patterns that the rows of a heat map refer to; once on a page that draws any. */
export function HatchDefinitions() {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden="true">
      <HatchPattern id={heatHatchId} />
      <pattern
        id={`${heatHatchId}-over`}
        width="5"
        height="5"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <line
          x1="0"
          y1="0"
          x2="0"
          y2="5"
          stroke="var(--color-unknown)"
          strokeWidth="1.5"
          strokeOpacity="0.55"
        />
      </pattern>
    </svg>
  );
}
