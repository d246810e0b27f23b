import { verdictNames } from "#lib/charts/name-statistic.ts";
import type { Verdict } from "#lib/domain/health.ts";
import { StatusMark } from "../ui/status-mark.tsx";

const statusOf = { drift: "breach", no_drift: "healthy", cannot_say: "unknown" } as const;

export function VerdictMark({ verdict }: { verdict: Verdict }) {
  return <StatusMark status={statusOf[verdict]} text={verdictNames[verdict]} />;
}
