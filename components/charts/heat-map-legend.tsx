import type { HeatMapModel } from "#lib/charts/prepare-heat-map.ts";

const stepWidth = 18;

/** What a colour, a mark and a hatching mean. */
export function HeatMapLegend({ model }: { model: HeatMapModel }) {
  const shown = model.legend.filter(({ level }) => level % 3 === 0);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-ink-2 text-xs">
      <span className="mr-5 inline-flex flex-col">
        <span aria-hidden className="flex">
          {model.legend.map(({ level }) => (
            <span
              key={level}
              className="h-2.5"
              style={{ width: stepWidth, background: `var(--color-heat-${level})` }}
            />
          ))}
        </span>
        <span className="tabular relative block h-3.5 text-2xs text-ink-3 leading-3.5">
          {shown.map(({ level, label }) => (
            <span key={level} className="absolute" style={{ left: level * stepWidth }}>
              {label}
            </span>
          ))}
        </span>
      </span>
      <span className="inline-flex items-center gap-1.5">
        <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
          <path d="M5 1 9 5 5 9 1 5Z" fill="var(--color-ink)" />
        </svg>
        {model.markLabel}
      </span>
      <span className="inline-flex items-center gap-1.5">
        <span aria-hidden className="hatched size-2.5 rounded-[2px] bg-unknown-soft" />
        cannot say
      </span>
    </div>
  );
}
