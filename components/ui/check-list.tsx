"use client";

/** Some of many, in a box that scrolls. */
export function CheckList({
  label,
  empty,
  options,
  value,
  onChange,
}: {
  label: string;
  empty: string;
  options: readonly { value: string; label: string }[];
  value: readonly string[];
  onChange: (value: string[]) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">{label}</legend>
      <div className="max-h-40 overflow-y-auto rounded-md border px-2.5 py-1">
        {options.length === 0 && <p className="py-1 text-ink-3 text-sm">{empty}</p>}
        {options.map((option) => (
          <label key={option.value} className="flex h-8 items-center gap-2.5 text-sm">
            <input
              type="checkbox"
              className="size-4 accent-accent-fill"
              checked={value.includes(option.value)}
              onChange={(event) =>
                onChange(
                  event.target.checked
                    ? [...value, option.value]
                    : value.filter((each) => each !== option.value),
                )
              }
            />
            <span className="min-w-0 truncate">{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
