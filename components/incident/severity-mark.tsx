import { clsx } from "clsx";
import type { Severity } from "#lib/domain/incident.ts";
import { severities, severityNames } from "#lib/domain/incident.ts";

/** A word and as many bars as it weighs: no colour, since that is health's. */
export function SeverityMark({ severity }: { severity: Severity }) {
  const weight = severities.length - severities.indexOf(severity);
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <svg width="14" height="12" viewBox="0 0 14 12" aria-hidden="true" className="shrink-0">
        {severities.map((each, i) => (
          <rect
            key={each}
            x={i * 3}
            y={9 - i * 2}
            width="2"
            height={3 + i * 2}
            className={i < weight ? "fill-ink" : "fill-line-strong"}
          />
        ))}
      </svg>
      <span className={clsx("tabular", weight >= 4 && "font-semibold")}>
        {severityNames[severity]}
      </span>
    </span>
  );
}
