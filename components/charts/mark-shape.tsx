import type { TimeMark } from "#lib/charts/mark-time-axis.ts";

/** A diamond is a change, a triangle an incident: told apart without colour. */
export function MarkShape({ kind }: { kind: TimeMark["kind"] }) {
  return kind === "incident" ? (
    <path d="M0 -4 L4.5 4 L-4.5 4 Z" fill="var(--color-breach)" />
  ) : (
    <path d="M0 -4.5 L4.5 0 L0 4.5 L-4.5 0 Z" fill="var(--color-ink-2)" />
  );
}
