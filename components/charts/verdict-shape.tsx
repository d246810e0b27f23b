import type { Verdict } from "#lib/domain/health.ts";

/** The mark that stands on a cell of the heat map, wherever a verdict is shown. */
export function VerdictShape({ verdict }: { verdict: Verdict }) {
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" className="shrink-0">
      {shapeOf(verdict)}
    </svg>
  );
}

function shapeOf(verdict: Verdict) {
  switch (verdict) {
    case "drift":
      return <path d="M5 0 10 5 5 10 0 5Z" fill="var(--color-ink)" />;
    case "no_drift":
      return (
        <circle cx="5" cy="5" r="2" fill="none" stroke="var(--color-ink-3)" strokeWidth="1.25" />
      );
    case "cannot_say":
      return (
        <path
          d="M0.5 4.5 4.5 0.5M0.5 9.5 9.5 0.5M5.5 9.5 9.5 5.5"
          stroke="var(--color-unknown)"
          strokeWidth="1.25"
        />
      );
  }
}
