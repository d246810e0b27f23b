import type { TimePoint } from "#lib/charts/time-series-model.ts";
import { colorOf } from "./color-of.ts";

/** What stands under the crosshair. */
export function ReadOut({ label, lines }: { label: string; lines: TimePoint["lines"] }) {
  return (
    <div className="rounded-md bg-raised px-2.5 py-2 text-xs shadow-float">
      <p className="mb-1 whitespace-nowrap text-ink-2">{label}</p>
      <dl className="grid grid-cols-[auto_auto] gap-x-4">
        {lines.map((line) => (
          <div key={line.label} className="col-span-2 grid grid-cols-subgrid">
            <dt className="flex items-center gap-1.5 text-ink-2">
              <span
                aria-hidden
                className="size-2 rounded-[2px]"
                style={{ background: line.color === null ? "transparent" : colorOf(line.color) }}
              />
              <span className="max-w-44 truncate">{line.label}</span>
            </dt>
            <dd className="tabular text-right font-medium">{line.text}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
