"use client";

import type { ValueModel } from "#lib/charts/prepare-threshold.ts";
import { useElementWidth } from "../ui/use-element-width.ts";

const height = 200;
const left = 52;
const bottom = 28;
const top = 10;
const right = 12;

/** Value per prediction over the threshold: the best one, those no worse than it, and where the threshold stands. */
export function ValuePlot({ model }: { model: ValueModel }) {
  const [ref, width] = useElementWidth();
  const span = model.until - model.from || 1;
  const x = (at: number) => left + ((at - model.from) / span) * (width - left - right);
  const [low, high] = model.axis.domain;
  const y = (at: number) => height - bottom - ((at - low) / (high - low)) * (height - top - bottom);
  const place = (a: number, b: number) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`;
  const band = [
    ...model.points.map((point) => place(point.x, point.upper)),
    ...model.points.toReversed().map((point) => place(point.x, point.lower)),
  ].join(" ");
  return (
    <div ref={ref} className="w-full">
      {width > 0 && (
        <svg
          viewBox={`0 0 ${width} ${height}`}
          width={width}
          height={height}
          role="img"
          aria-label={model.sentence}
        >
          <rect
            x={x(model.best.from)}
            y={top}
            width={Math.max(2, x(model.best.until) - x(model.best.from))}
            height={height - top - bottom}
            fill="var(--color-healthy-soft)"
          />
          {model.axis.ticks.map((tick) => (
            <g key={tick.value} fontSize={11} fill="var(--color-ink-3)">
              <line
                x1={left}
                x2={width - right}
                y1={y(tick.value)}
                y2={y(tick.value)}
                stroke="var(--color-grid)"
              />
              <text x={left - 6} y={y(tick.value) + 4} textAnchor="end">
                {tick.label}
              </text>
            </g>
          ))}
          <polygon points={band} fill="var(--color-window-soft)" />
          <polyline
            points={model.points.map((point) => place(point.x, point.y)).join(" ")}
            fill="none"
            stroke="var(--color-window)"
            strokeWidth={1.75}
          />
          <g fill="var(--color-ink-2)" fontSize={11}>
            <circle cx={x(model.best.x)} cy={y(model.best.y)} r={3.5} fill="var(--color-healthy)" />
            <text x={left} y={height - 8}>
              {model.fromLabel}
            </text>
            <text x={width - right} y={height - 8} textAnchor="end">
              {model.untilLabel}
            </text>
          </g>
          {model.mark !== null && (
            <g stroke="var(--color-ink)">
              <line
                x1={x(model.mark.x)}
                x2={x(model.mark.x)}
                y1={top}
                y2={height - bottom}
                strokeDasharray="3 3"
              />
              <circle
                cx={x(model.mark.x)}
                cy={y(model.mark.y)}
                r={4}
                fill="var(--color-page)"
                strokeWidth={2}
              >
                <title>{model.mark.text}</title>
              </circle>
            </g>
          )}
        </svg>
      )}
    </div>
  );
}
