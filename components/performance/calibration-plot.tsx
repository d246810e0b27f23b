"use client";

import type { CalibrationModel } from "#lib/charts/prepare-calibration.ts";
import { UnitSquare, xOf, yOf } from "./unit-square.tsx";

const diagonal = [
  [0, 0],
  [1, 1],
] as const;

/** Mean score against the share that turned out positive; on the diagonal a score means what it says. */
export function CalibrationPlot({ model }: { model: CalibrationModel }) {
  return (
    <figure className="min-w-0">
      <h2 className="font-semibold text-base">Calibration</h2>
      <figcaption className="mt-0.5 text-ink-2 text-sm">{model.sentence}</figcaption>
      <UnitSquare
        label={model.sentence}
        caption="mean score; upwards: share positive"
        guess={diagonal}
      >
        {model.marks.map((mark) => (
          <g key={mark.x} stroke="var(--color-window)" strokeWidth={1.5}>
            <title>{mark.text}</title>
            <line x1={xOf(mark.x)} x2={xOf(mark.x)} y1={yOf(mark.lower)} y2={yOf(mark.upper)} />
            <circle cx={xOf(mark.x)} cy={yOf(mark.y)} r={3} fill="var(--color-window)" />
          </g>
        ))}
      </UnitSquare>
    </figure>
  );
}
