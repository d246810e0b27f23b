import type { DifferenceStroke } from "#lib/charts/prepare-comparison.ts";

const height = 20;
const inset = 5;

/** One difference and its interval in the space of a cell; the line in the middle is no difference. */
export function DifferenceBar({
  stroke,
  color,
  width = 168,
}: {
  stroke: DifferenceStroke;
  color: string;
  width?: number;
}) {
  const x = (at: number) => inset + at * (width - 2 * inset);
  const middle = height / 2;
  return (
    <svg width={width} height={height} role="img" aria-label={stroke.sentence} className="block">
      <line x1={x(0)} x2={x(1)} y1={middle} y2={middle} stroke="var(--color-grid)" />
      <line x1={x(0.5)} x2={x(0.5)} y1="0" y2={height} stroke="var(--color-line-strong)" />
      <g stroke={color} strokeWidth="2">
        <line x1={x(stroke.from)} x2={x(stroke.until)} y1={middle} y2={middle} />
        <line x1={x(stroke.from)} x2={x(stroke.from)} y1={middle - 3} y2={middle + 3} />
        <line x1={x(stroke.until)} x2={x(stroke.until)} y1={middle - 3} y2={middle + 3} />
      </g>
      <circle cx={x(stroke.at)} cy={middle} r="4" fill={color} />
    </svg>
  );
}
