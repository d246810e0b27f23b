import type { FeatureDrift } from "#lib/api/drift.ts";
import { formatCount } from "#lib/charts/format-number.ts";

const shownMax = 8;

/** Categories that only one side knows, the most frequent first. */
export function CategoryChanges({ drift }: { drift: FeatureDrift }) {
  const { newCategories, vanishedCategories } = drift;
  if (newCategories.length + vanishedCategories.length === 0) return null;
  return (
    <dl
      aria-label="Categories that came and went"
      className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm"
    >
      <Names
        label="Only in the window"
        names={newCategories.map(({ name, windowCount }) => ({ name, count: windowCount }))}
      />
      <Names
        label="Only in the reference"
        names={vanishedCategories.map(({ name, referenceCount }) => ({
          name,
          count: referenceCount,
        }))}
      />
    </dl>
  );
}

function Names({
  label,
  names,
}: {
  label: string;
  names: readonly { name: string; count: number }[];
}) {
  if (names.length === 0) return null;
  const rest = names.length - shownMax;
  return (
    <>
      <dt className="text-ink-2 text-xs leading-5">{label}</dt>
      <dd className="flex min-w-0 flex-wrap gap-x-3 gap-y-1">
        {names.slice(0, shownMax).map(({ name, count }) => (
          <span key={name} className="min-w-0 max-w-full truncate" title={name}>
            <span className="font-mono">{name}</span>{" "}
            <span className="tabular text-ink-3 text-xs">{formatCount(count)}</span>
          </span>
        ))}
        {rest > 0 && <span className="text-ink-3">and {rest} more</span>}
      </dd>
    </>
  );
}
