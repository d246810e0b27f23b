import type { AlertRow } from "#db/postgres/queries/alert.ts";
import type { CausalAlert } from "#lib/rules/inhibition.ts";

export function toCausalAlert(row: AlertRow): CausalAlert {
  const { id, windowFrom, windowUntil, ...alert } = row;
  return { ...alert, alertId: id, windowMs: windowUntil.getTime() - windowFrom.getTime() };
}
