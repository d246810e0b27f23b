import type { DifferenceStroke } from "#lib/charts/prepare-comparison.ts";
import type { GroupBar as GroupBarModel } from "#lib/charts/prepare-fairness.ts";
import { DifferenceBar } from "../charts/difference-bar.tsx";
import { GroupBar } from "../charts/group-bar.tsx";
import { Specimen } from "./specimen.tsx";

const stroke = (at: number, half: number, sentence: string): DifferenceStroke => ({
  at,
  from: at - half,
  until: at + half,
  sentence,
});

const strokes = [
  stroke(0.8, 0.1, "better"),
  stroke(0.3, 0.05, "worse"),
  stroke(0.52, 0.3, "within noise"),
  stroke(0.5, 0, "no difference at all"),
];

const bar = (value: number, half: number, sentence: string): GroupBarModel => ({
  zero: 0,
  value,
  from: Math.max(0, value - half),
  until: Math.min(1, value + half),
  reference: 0.9,
  limits: [0.72],
  sentence,
});

const bars: GroupBarModel[] = [
  bar(0.9, 0.03, "reference"),
  bar(0.5, 0.05, "below four fifths"),
  bar(0.75, 0.2, "too few to say"),
  bar(0, 0.05, "nobody selected"),
  { ...bar(0.2, 0.05, "an error below zero"), zero: 0.4, reference: 0.45, limits: [0.3, 0.6] },
  { ...bar(0.6, 0.1, "no reference"), reference: null, limits: [] },
];

/** What stands in the cells of a comparison. */
export function GalleryBars() {
  return (
    <>
      <Specimen name="difference of a challenger">
        <div className="flex flex-wrap gap-8">
          {strokes.map((one) => (
            <div key={one.sentence}>
              <DifferenceBar stroke={one} color="var(--color-series-2)" />
              <p className="mt-1 text-ink-3 text-xs">{one.sentence}</p>
            </div>
          ))}
        </div>
      </Specimen>
      <Specimen name="a group against the reference">
        <div className="flex flex-wrap gap-8">
          {bars.map((one) => (
            <div key={one.sentence}>
              <GroupBar model={one} />
              <p className="mt-1 text-ink-3 text-xs">{one.sentence}</p>
            </div>
          ))}
        </div>
      </Specimen>
    </>
  );
}
