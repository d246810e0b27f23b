import { useId } from "react";

/** Yes or no, with what follows from it. */
export function Tick({
  label,
  help,
  value,
  onChange,
}: {
  label: string;
  help?: string;
  value: boolean;
  onChange: (value: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5 text-sm">
      <input
        id={id}
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 accent-accent-fill"
        checked={value}
        aria-describedby={help === undefined ? undefined : `${id}-note`}
        onChange={({ target }) => onChange(target.checked)}
      />
      <span className="flex min-w-0 flex-col">
        <label htmlFor={id}>{label}</label>
        {help !== undefined && (
          <span id={`${id}-note`} className="text-ink-3 text-xs">
            {help}
          </span>
        )}
      </span>
    </div>
  );
}
