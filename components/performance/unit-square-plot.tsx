"use client";

import type { CurveModel } from "#lib/charts/prepare-threshold.ts";
import { UnitSquare, xOf, yOf } from "./unit-square.tsx";

/** A curve in the unit square, with the place of the threshold on it. */
export function UnitSquarePlot({ model }: { model: CurveModel }) {
  return (
    <figure className="min-w-0">
      <h3 className="font-medium text-sm">{model.title}</h3>
      <figcaption className="mt-0.5 min-h-10 text-ink-2 text-sm">{model.sentence}</figcaption>
      <UnitSquare
        label={`${model.title}. ${model.sentence}`}
        caption={`${model.xLabel}; upwards: ${model.yLabel}`}
        guess={model.guess}
      >
        <polyline
          points={model.points
            .map(([a, b]) => `${xOf(a).toFixed(1)},${yOf(b).toFixed(1)}`)
            .join(" ")}
          fill="none"
          stroke="var(--color-window)"
          strokeWidth={1.75}
          strokeLinejoin="round"
        />
        {model.mark !== null && (
          <circle
            cx={xOf(model.mark.x)}
            cy={yOf(model.mark.y)}
            r={4.5}
            fill="var(--color-page)"
            stroke="var(--color-window)"
            strokeWidth={2.5}
          >
            <title>{model.mark.text}</title>
          </circle>
        )}
      </UnitSquare>
    </figure>
  );
}
