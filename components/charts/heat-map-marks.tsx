"use client";

import type { AxisMark } from "#lib/charts/mark-time-axis.ts";
import { MarkShape } from "./mark-shape.tsx";

/** What happened, under the times of a heat map; pointed at, a mark says what it stands for. */
export function HeatMapMarks({
  marks,
  fromMs,
  untilMs,
  nameWidth,
  width,
}: {
  marks: readonly AxisMark[];
  fromMs: number;
  untilMs: number;
  nameWidth: number;
  width: number;
}) {
  return (
    <div aria-hidden className="flex h-4 border-b bg-page">
      <div
        className="sticky left-0 z-10 shrink-0 border-r bg-page px-2 text-2xs text-ink-3 leading-4"
        style={{ width: nameWidth }}
      >
        what happened
      </div>
      <svg width={width} height={15} className="block" aria-hidden="true">
        {marks.map((mark) => (
          <g
            key={mark.timeMs}
            transform={`translate(${((mark.timeMs - fromMs) / (untilMs - fromMs)) * width} 7.5)`}
          >
            <title>{mark.text}</title>
            <rect x={-8} y={-8} width={16} height={16} fill="transparent" />
            <MarkShape kind={mark.kind} />
            {mark.count > 1 && (
              <text x={6} y={3.5} fontSize={10} fill="var(--color-ink-2)">
                {mark.count}
              </text>
            )}
          </g>
        ))}
      </svg>
    </div>
  );
}
