import { formatCountExact, formatDuration, formatShare } from "#lib/charts/format-number.ts";
import type { ImpactFigures as Figures } from "#lib/domain/postmortem.ts";
import { TimeText } from "../ui/time-text.tsx";

/** How far it reached, from the stores. */
export function ImpactFigures({ impact }: { impact: Figures }) {
  const rows = [
    {
      label: "Predictions affected",
      value:
        impact.predictionCount === null ? "not known" : formatCountExact(impact.predictionCount),
      note: impact.reason,
    },
    {
      label: "Duration",
      value: impact.durationMs === null ? "not known" : formatDuration(impact.durationMs),
      note: null,
    },
    ...impact.segments.map(({ key, value, predictionCount }) => ({
      label: `${key} = ${value === "" ? "none" : value}`,
      value:
        predictionCount === null ? "not known" : `${formatCountExact(predictionCount)} predictions`,
      note: null,
    })),
    ...impact.budgets.map(({ name, spentShare, badCount, unmeasuredCount }) => ({
      label: `Budget of ${name}`,
      value: spentShare === null ? "not measured" : `${formatShare(spentShare)} spent`,
      note: `${formatCountExact(badCount)} bad${unmeasuredCount === 0 ? "" : `, ${formatCountExact(unmeasuredCount)} unmeasured`}`,
    })),
  ];
  return (
    <dl className="grid grid-cols-[minmax(120px,auto)_minmax(0,1fr)] gap-x-6 gap-y-1.5 rounded-lg border px-4 py-3 text-sm">
      {rows.map(({ label, value, note }) => (
        <div key={label} className="contents">
          <dt className="text-ink-2">{label}</dt>
          <dd className="tabular">
            {value}
            {note !== null && <span className="ml-2 text-ink-3 text-xs">{note}</span>}
          </dd>
        </div>
      ))}
      <dt className="text-ink-2">From, until</dt>
      <dd>
        {impact.from === null ? "not known" : <TimeText iso={impact.from} isAbsolute />}
        {", "}
        {impact.isOpen || impact.until === null ? (
          "not yet over"
        ) : (
          <TimeText iso={impact.until} isAbsolute />
        )}
      </dd>
    </dl>
  );
}
