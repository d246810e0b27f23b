import type { ReactNode } from "react";

const size = 240;
const left = 34;
const bottom = 28;
const ticks = [0, 0.5, 1];

/** Where a share lies in the picture. */
export const xOf = (share: number) => left + share * (size - left - 8);
export const yOf = (share: number) => size - bottom - share * (size - bottom - 8);

type Point = readonly [number, number];

interface UnitSquareProps {
  label: string;
  /** Both axes in words. */
  caption: string;
  /** From where to where a guess lies. */
  guess: readonly [Point, Point];
  children: ReactNode;
}

/** Two shares against each other, and the line that a guess would be. */
export function UnitSquare({
  label,
  caption,
  guess: [[x0, y0], [x1, y1]],
  children,
}: UnitSquareProps) {
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      className="mt-1 w-full max-w-80"
      role="img"
      aria-label={label}
    >
      {ticks.map((tick) => (
        <g key={tick} fontSize={10} fill="var(--color-ink-3)">
          <line x1={xOf(0)} x2={xOf(1)} y1={yOf(tick)} y2={yOf(tick)} stroke="var(--color-grid)" />
          <text x={left - 5} y={yOf(tick) + 3} textAnchor="end">
            {tick}
          </text>
          <text x={xOf(tick)} y={size - bottom + 12} textAnchor="middle">
            {tick}
          </text>
        </g>
      ))}
      <text x={xOf(0.5)} y={size - 3} textAnchor="middle" fontSize={10} fill="var(--color-ink-2)">
        {caption}
      </text>
      <line
        x1={xOf(x0)}
        y1={yOf(y0)}
        x2={xOf(x1)}
        y2={yOf(y1)}
        stroke="var(--color-baseline)"
        strokeDasharray="4 3"
      />
      {children}
    </svg>
  );
}
