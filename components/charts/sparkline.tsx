import type { SparklineModel } from "#lib/charts/prepare-sparkline.ts";

const height = 20;

/** Bars in the space of a word; what is not known is a pale foot, never a zero. */
export function Sparkline({ model, width = 112 }: { model: SparklineModel; width?: number }) {
  const step = width / Math.max(model.bars.length, 1);
  const barWidth = Math.max(1, step - (step > 3 ? 1 : 0.25));
  return (
    <svg width={width} height={height} role="img" aria-label={model.sentence} className="block">
      <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} stroke="var(--color-line)" />
      {model.bars.map((bar, index) => {
        const barHeight =
          bar === null ? 3 : Math.max(bar.height * (height - 1), bar.height > 0 ? 1.5 : 0);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bucket is its place
            key={index}
            x={index * step}
            y={height - barHeight}
            width={barWidth}
            height={barHeight}
            fill={bar === null ? "var(--color-baseline-soft)" : "var(--color-baseline)"}
          />
        );
      })}
    </svg>
  );
}
