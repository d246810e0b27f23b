"use client";

import type { CurveModel } from "#lib/charts/prepare-threshold.ts";

const size = 240;
const left = 34;
const bottom = 28;
const x = (share: number) => left + share * (size - left - 8);
const y = (share: number) => size - bottom - share * (size - bottom - 8);
const ticks = [0, 0.5, 1];

/** A curve in the unit square, with the place of the threshold on it. */
export function UnitSquarePlot({ model }: { model: CurveModel }) {
  const [[x0, y0], [x1, y1]] = model.guess;
  return (
    <figure className="min-w-0">
      <h3 className="font-medium text-sm">{model.title}</h3>
      <figcaption className="mt-0.5 min-h-10 text-ink-2 text-sm">{model.sentence}</figcaption>
      <svg
        viewBox={`0 0 ${size} ${size}`}
        className="mt-1 w-full max-w-80"
        role="img"
        aria-label={`${model.title}. ${model.sentence}`}
      >
        {ticks.map((tick) => (
          <g key={tick} fontSize={10} fill="var(--color-ink-3)">
            <line x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} stroke="var(--color-grid)" />
            <text x={left - 5} y={y(tick) + 3} textAnchor="end">
              {tick}
            </text>
            <text x={x(tick)} y={size - bottom + 12} textAnchor="middle">
              {tick}
            </text>
          </g>
        ))}
        <text x={x(0.5)} y={size - 3} textAnchor="middle" fontSize={10} fill="var(--color-ink-2)">
          {model.xLabel}; upwards: {model.yLabel}
        </text>
        <line
          x1={x(x0)}
          y1={y(y0)}
          x2={x(x1)}
          y2={y(y1)}
          stroke="var(--color-baseline)"
          strokeDasharray="4 3"
        />
        <polyline
          points={model.points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ")}
          fill="none"
          stroke="var(--color-window)"
          strokeWidth={1.75}
          strokeLinejoin="round"
        />
        {model.mark !== null && (
          <circle
            cx={x(model.mark.x)}
            cy={y(model.mark.y)}
            r={4.5}
            fill="var(--color-page)"
            stroke="var(--color-window)"
            strokeWidth={2.5}
          >
            <title>{model.mark.text}</title>
          </circle>
        )}
      </svg>
    </figure>
  );
}
