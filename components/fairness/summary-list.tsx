import type { Fairness } from "#lib/api/fairness.ts";
import { formatNumber } from "#lib/charts/format-number.ts";

type Figure = keyof NonNullable<Fairness["summary"]>;

const figures: readonly { key: Figure; term: string; hint: string }[] = [
  {
    key: "demographicParityRatio",
    term: "Demographic parity ratio",
    hint: "least selected over most; four fifths is 0.8",
  },
  {
    key: "demographicParityDifference",
    term: "Demographic parity",
    hint: "points of selection rate",
  },
  {
    key: "equalOpportunityDifference",
    term: "Equal opportunity",
    hint: "points of true positive rate",
  },
  {
    key: "falsePositiveRateDifference",
    term: "False alarms",
    hint: "points of false positive rate",
  },
  { key: "equalizedOddsDifference", term: "Equalized odds", hint: "the larger of these two" },
  { key: "predictiveParityDifference", term: "Predictive parity", hint: "points of precision" },
];

/** The largest less the smallest rate over all groups: what the field's libraries call by these names. */
export function SummaryList({ fairness }: { fairness: Fairness }) {
  const { summary } = fairness;
  if (summary === null) return null;
  return (
    <section aria-label="Over all groups">
      <h2 className="font-semibold text-base">Between the extremes</h2>
      <p className="mt-0.5 text-ink-2 text-sm">
        Largest less smallest over all groups with at least {fairness.rule.rowCountMin} rows,
        whatever the reference. No interval: the largest of many gaps is always overstated a little.
      </p>
      <dl className="mt-3 grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-6">
        {figures.map(({ key, term, hint }) => (
          <div key={key}>
            <dt className="text-ink-3 text-xs">{term}</dt>
            <dd className="tabular font-semibold text-lg">{say(key, summary[key])}</dd>
            <dd className="text-ink-2 text-xs">{summary[key] === null ? "too few rows" : hint}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function say(key: Figure, value: number | null): string {
  if (value === null) return "undefined";
  const shown = key === "demographicParityRatio" ? value : value * 100;
  return formatNumber(Number(shown.toPrecision(3)));
}
