"use client";

import type { ResidualModel } from "#lib/charts/prepare-residuals.ts";

const width = 480;
const height = 180;
const left = 8;
const bottom = 24;
const x = (share: number) => left + share * (width - 2 * left);
const y = (share: number) => (height - bottom) * (1 - share) + 4;

/** Errors of a regression in bins of equal width; the dashed line is no error. */
export function ResidualPlot({ model }: { model: ResidualModel }) {
  return (
    <figure className="min-w-0">
      <h2 className="font-semibold text-base">Errors</h2>
      <figcaption className="mt-0.5 text-ink-2 text-sm">{model.sentence}</figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        className="mt-2 w-full max-w-2xl"
        role="img"
        aria-label={model.sentence}
      >
        {model.bars.map((bar) => (
          <rect
            key={bar.x}
            x={x(bar.x) + 0.5}
            y={y(bar.height)}
            width={Math.max(1, x(bar.x + bar.width) - x(bar.x) - 1)}
            height={y(0) - y(bar.height)}
            fill="var(--color-window)"
          >
            <title>{bar.text}</title>
          </rect>
        ))}
        <line x1={x(0)} x2={x(1)} y1={y(0)} y2={y(0)} stroke="var(--color-line-strong)" />
        {model.zero !== null && (
          <line
            x1={x(model.zero)}
            x2={x(model.zero)}
            y1={y(1)}
            y2={y(0)}
            stroke="var(--color-ink)"
            strokeDasharray="4 3"
          />
        )}
        {model.ticks.map((tick) => (
          <text
            key={tick.x}
            x={x(tick.x)}
            y={height - 6}
            fontSize={11}
            fill="var(--color-ink-3)"
            textAnchor={tick.anchor}
          >
            {tick.label}
          </text>
        ))}
      </svg>
    </figure>
  );
}
