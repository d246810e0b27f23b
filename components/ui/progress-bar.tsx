/** Work over a second, with a number. */
export function ProgressBar({
  label,
  done,
  total,
}: {
  label: string;
  done: number;
  total: number;
}) {
  const share = total === 0 ? 0 : Math.min(1, done / total);
  return (
    <div>
      <div className="flex justify-between text-ink-2 text-xs">
        <span className="tabular">{label}</span>
        <span className="tabular">{Math.floor(share * 100)} %</span>
      </div>
      <progress
        className="mt-1 block h-1.5 w-full appearance-none overflow-hidden rounded-sm bg-hover [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-hover [&::-webkit-progress-value]:bg-accent"
        value={done}
        max={Math.max(total, 1)}
        aria-label={label}
      />
    </div>
  );
}
