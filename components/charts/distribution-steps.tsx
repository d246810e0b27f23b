"use client";

import { useState } from "react";
import type { DistributionModel, DistributionStep } from "#lib/charts/prepare-distribution.ts";
import { useElementWidth } from "../ui/use-element-width.ts";

const height = 196;
const axisLeft = 40;
const axisBottom = 46;
const top = 8;
const edgeWidth = 44;
const plotHeight = height - axisBottom - top;
const bottom = top + plotHeight;

type Side = "reference" | "window";

/** Step outlines on shared bins, and bars of their own for what has no place on the axis. */
export function DistributionSteps({ model }: { model: DistributionModel }) {
  const [ref, width] = useElementWidth();
  const [under, setUnder] = useState<number | null>(null);
  const edgesWidth = model.edges.length * edgeWidth;
  const plotWidth = Math.max(40, width - axisLeft - 8 - edgesWidth - (edgesWidth > 0 ? 12 : 0));
  const x = (at: number) => axisLeft + at * plotWidth;
  const y = (share: number) => bottom - share * plotHeight;
  const current = under === null ? null : (model.steps[under] ?? null);
  return (
    <div ref={ref} className="min-w-0">
      <p className="tabular flex min-h-5 items-center gap-3 overflow-hidden text-xs">
        {current === null ? (
          <span className="text-ink-3">{model.sentence}</span>
        ) : (
          <>
            <span className="whitespace-nowrap font-medium">{current.label}</span>
            <span className="whitespace-nowrap text-window">{current.windowText}</span>
            {model.hasReference && <span className="text-ink-2">{current.referenceText}</span>}
          </>
        )}
      </p>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={model.sentence}
          onPointerLeave={() => setUnder(null)}
          onPointerMove={(event) => {
            const at =
              (event.clientX - event.currentTarget.getBoundingClientRect().left - axisLeft) /
              plotWidth;
            const found = model.steps.findIndex((step) => at >= step.from && at < step.until);
            setUnder(found === -1 ? null : found);
          }}
        >
          {model.valueAxis.ticks.map(({ value, label }) => (
            <g key={value}>
              <line
                x1={axisLeft}
                x2={axisLeft + plotWidth}
                y1={y(value / model.valueAxis.domain[1])}
                y2={y(value / model.valueAxis.domain[1])}
                stroke="var(--color-grid)"
              />
              <text
                x={axisLeft - 6}
                y={y(value / model.valueAxis.domain[1]) + 4}
                textAnchor="end"
                fontSize="11"
                fill="var(--color-ink-3)"
              >
                {label}
              </text>
            </g>
          ))}
          {current !== null && (
            <rect
              x={x(current.from)}
              y={top}
              width={x(current.until) - x(current.from)}
              height={plotHeight}
              fill="var(--color-line-strong)"
              fillOpacity="0.14"
            />
          )}
          {model.hasReference && (
            <path
              d={outline(model.steps, "reference", x, y)}
              fill="var(--color-baseline-soft)"
              stroke="var(--color-baseline)"
              strokeWidth="1.25"
            />
          )}
          <path
            d={outline(model.steps, "window", x, y)}
            fill="var(--color-window-soft)"
            stroke="var(--color-window)"
            strokeWidth="1.75"
          />
          <line
            x1={axisLeft}
            x2={axisLeft + plotWidth}
            y1={bottom}
            y2={bottom}
            stroke="var(--color-line-strong)"
          />
          {model.xTicks.map(({ at, label }) => (
            <text
              key={at}
              x={x(at)}
              y={bottom + 16}
              textAnchor={anchorOf(at)}
              fontSize="11"
              fill="var(--color-ink-3)"
            >
              {label}
            </text>
          ))}
          {model.hasReference && (
            <Quantiles
              at={model.quantiles.reference}
              x={x}
              y={bottom + 24}
              color="var(--color-baseline)"
            />
          )}
          <Quantiles
            at={model.quantiles.window}
            x={x}
            y={bottom + 34}
            color="var(--color-window)"
          />
          {model.edges.map((edge, index) => {
            const left = axisLeft + plotWidth + 12 + index * edgeWidth;
            return (
              <g key={edge.label}>
                <title>{`${edge.label}: window ${edge.windowText}, reference ${edge.referenceText}`}</title>
                <line
                  x1={left}
                  x2={left + edgeWidth - 6}
                  y1={bottom}
                  y2={bottom}
                  stroke="var(--color-line-strong)"
                />
                {model.hasReference && (
                  <rect
                    x={left + 4}
                    width={14}
                    y={y(edge.reference)}
                    height={bottom - y(edge.reference)}
                    fill="var(--color-baseline)"
                  />
                )}
                <rect
                  x={left + 20}
                  width={14}
                  y={y(edge.window)}
                  height={bottom - y(edge.window)}
                  fill="var(--color-window)"
                />
                <text
                  x={left + edgeWidth / 2 - 3}
                  y={bottom + 16}
                  textAnchor="middle"
                  fontSize="11"
                  fill="var(--color-ink-3)"
                >
                  {edge.label}
                </text>
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}

function anchorOf(at: number): "start" | "middle" | "end" {
  if (at < 0.02) return "start";
  return at > 0.98 ? "end" : "middle";
}

function outline(
  steps: readonly DistributionStep[],
  side: Side,
  x: (at: number) => number,
  y: (share: number) => number,
): string {
  const first = steps[0];
  if (first === undefined) return "";
  const parts = steps.map((step) => `V${y(step[side])}H${x(step.until)}`);
  return `M${x(first.from)} ${bottom}${parts.join("")}V${bottom}`;
}

/** 5, 25, 50, 75 and 95 %, the median longest, as a box plot without its box. */
function Quantiles({
  at,
  x,
  y,
  color,
}: {
  at: readonly number[];
  x: (at: number) => number;
  y: number;
  color: string;
}) {
  const first = at[0];
  const last = at.at(-1);
  if (first === undefined || last === undefined) return null;
  const [, low = first, , high = last] = at;
  return (
    <g stroke={color}>
      <line x1={x(first)} x2={x(last)} y1={y} y2={y} strokeWidth="1" />
      <line x1={x(low)} x2={x(high)} y1={y} y2={y} strokeWidth="3" />
      {at.map((each, index) => (
        <line
          // biome-ignore lint/suspicious/noArrayIndexKey: five quantiles in order
          key={index}
          x1={x(each)}
          x2={x(each)}
          y1={y - (index === 2 ? 4 : 2)}
          y2={y + (index === 2 ? 4 : 2)}
          strokeWidth={index === 2 ? 2 : 1}
        />
      ))}
    </g>
  );
}
