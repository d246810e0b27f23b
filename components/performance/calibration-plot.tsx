"use client";

import type { CalibrationModel } from "#lib/charts/prepare-calibration.ts";

const size = 240;
const left = 34;
const bottom = 26;
const x = (share: number) => left + share * (size - left - 8);
const y = (share: number) => size - bottom - share * (size - bottom - 8);
const ticks = [0, 0.5, 1];

/** Mean score against the share that turned out positive; on the diagonal a score means what it says. */
export function CalibrationPlot({ model }: { model: CalibrationModel }) {
  return (
    <figure className="min-w-0">
      <h2 className="font-semibold text-base">Calibration</h2>
      <figcaption className="mt-0.5 text-ink-2 text-sm">{model.sentence}</figcaption>
      <svg
        viewBox={`0 0 ${size} ${size}`}
        className="mt-2 w-full max-w-80"
        role="img"
        aria-label={model.sentence}
      >
        {ticks.map((tick) => (
          <g key={tick} fontSize={10} fill="var(--color-ink-3)">
            <line x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} stroke="var(--color-grid)" />
            <text x={left - 5} y={y(tick) + 3} textAnchor="end">
              {tick}
            </text>
            <text x={x(tick)} y={size - bottom + 13} textAnchor="middle">
              {tick}
            </text>
          </g>
        ))}
        <text x={x(0.5)} y={size - 2} textAnchor="middle" fontSize={10} fill="var(--color-ink-2)">
          mean score; upwards: share positive
        </text>
        <line
          x1={x(0)}
          y1={y(0)}
          x2={x(1)}
          y2={y(1)}
          stroke="var(--color-baseline)"
          strokeDasharray="4 3"
        />
        {model.marks.map((mark) => (
          <g key={mark.x} stroke="var(--color-window)" strokeWidth={1.5}>
            <title>{mark.text}</title>
            <line x1={x(mark.x)} x2={x(mark.x)} y1={y(mark.lower)} y2={y(mark.upper)} />
            <circle cx={x(mark.x)} cy={y(mark.y)} r={3} fill="var(--color-window)" />
          </g>
        ))}
      </svg>
    </figure>
  );
}
