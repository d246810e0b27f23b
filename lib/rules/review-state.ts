export type ReviewState = "none" | "fine" | "soon" | "due";

const soonDays = 14;

/** Whether a runbook is due for review: from the day itself on, by UTC, like every day that a server knows. */
export function reviewStateOf(reviewBy: string | null, now: Date): ReviewState {
  if (reviewBy === null) return "none";
  const daysLeft = (Date.parse(`${reviewBy}T00:00:00Z`) - now.getTime()) / 86_400_000;
  if (daysLeft <= 0) return "due";
  return daysLeft <= soonDays ? "soon" : "fine";
}
