import type { GroupBar as GroupBarModel } from "#lib/charts/prepare-fairness.ts";

const height = 22;

/** One group's value from zero with its interval; the reference dashed, and where a gap stops being tolerated. */
export function GroupBar({ model, width = 208 }: { model: GroupBarModel; width?: number }) {
  const x = (at: number) => 1 + at * (width - 2);
  const middle = height / 2;
  const left = Math.min(model.zero, model.value);
  return (
    <svg width={width} height={height} role="img" aria-label={model.sentence} className="block">
      <rect
        x={x(left)}
        width={Math.max(1, x(Math.max(model.zero, model.value)) - x(left))}
        y={middle - 6}
        height={12}
        rx={1}
        fill="var(--color-window-soft)"
      />
      {model.limits.map((limit) => (
        <line
          key={limit}
          x1={x(limit)}
          x2={x(limit)}
          y1={0}
          y2={height}
          stroke="var(--color-watch)"
          strokeWidth="1.5"
        />
      ))}
      {model.reference !== null && (
        <line
          x1={x(model.reference)}
          x2={x(model.reference)}
          y1={0}
          y2={height}
          stroke="var(--color-baseline)"
          strokeDasharray="3 2"
        />
      )}
      <g stroke="var(--color-window)" strokeWidth="1.75">
        <line x1={x(model.from)} x2={x(model.until)} y1={middle} y2={middle} />
        <line x1={x(model.from)} x2={x(model.from)} y1={middle - 3} y2={middle + 3} />
        <line x1={x(model.until)} x2={x(model.until)} y1={middle - 3} y2={middle + 3} />
      </g>
      <circle cx={x(model.value)} cy={middle} r="3.5" fill="var(--color-window)" />
    </svg>
  );
}
