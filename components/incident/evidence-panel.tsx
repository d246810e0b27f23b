"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useMemo } from "react";
import type { Alert } from "#lib/api/alert.ts";
import type { Incident } from "#lib/api/incident.ts";
import { evidenceQuery } from "#lib/api/incident.ts";
import { prepareDistribution } from "#lib/charts/prepare-distribution.ts";
import { prepareEvidenceFacts, prepareEvidenceSeries } from "#lib/charts/prepare-evidence.ts";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import { DistributionChart } from "../charts/distribution-chart.tsx";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { QueryView } from "../request/query-view.tsx";
import { CodeBlock } from "../ui/code-block.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useZone } from "../ui/use-zone.ts";
import { LiveChart } from "./live-chart.tsx";
import { ReproductionCheck } from "./reproduction-check.tsx";

export interface EvidencePanelProps {
  workspace: string;
  incident: Incident;
  alert: Alert;
}

/** Why the alert fired, as it stood at that moment. */
export function EvidencePanel({ workspace, incident, alert }: EvidencePanelProps) {
  const query = useQuery(evidenceQuery(workspace, incident.number, alert.id));
  return (
    <section aria-label={`Evidence of ${alert.target}`} className="rounded-lg border px-4 py-4">
      <h2 className="font-semibold text-base">Why: {alert.target}</h2>
      <QueryView
        query={query}
        what="The evidence"
        skeleton={<Skeleton className="mt-3 h-72 w-full" />}
      >
        {({ evidence, hash }) => (
          <Evidence evidence={evidence} hash={hash}>
            <ReproductionCheck
              workspace={workspace}
              number={incident.number}
              alertId={alert.id}
              unit={evidence.unit}
            />
            <LiveChart
              workspace={workspace}
              incident={incident}
              alert={alert}
              evidence={evidence}
            />
          </Evidence>
        )}
      </QueryView>
    </section>
  );
}

function Evidence({
  evidence,
  hash,
  children,
}: {
  evidence: FrozenEvidence;
  hash: string;
  children: ReactNode;
}) {
  const zone = useZone();
  const facts = prepareEvidenceFacts(evidence, zone);
  const { distribution, reference } = evidence;
  const sides = useMemo(
    () => (distribution === null ? null : prepareDistribution(distribution)),
    [distribution],
  );
  const series = useMemo(() => prepareEvidenceSeries(evidence, zone), [evidence, zone]);
  return (
    <div className="flex flex-col gap-6">
      <p className="mt-0.5 text-ink-2 text-sm">{evidence.sentence}</p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        {facts.map(({ label, text }) => (
          <div key={label} className="contents">
            <dt className="text-ink-3">{label}</dt>
            <dd className="tabular min-w-0">{text}</dd>
          </div>
        ))}
      </dl>
      {sides !== null && (
        <DistributionChart
          title="Distribution, as it was"
          model={sides}
          referenceLabel={reference?.label ?? "baseline"}
          windowLabel="the window that fired"
        />
      )}
      {evidence.history.length > 1 && <TimeSeriesChart title="Until it fired" model={series} />}
      {evidence.query !== null && (
        <details>
          <summary className="cursor-pointer text-ink-2 text-sm">
            What was asked of the store
          </summary>
          <div className="mt-2">
            <CodeBlock label="SQL" code={evidence.query.sql} isLong />
          </div>
        </details>
      )}
      <p className="text-ink-3 text-xs">
        Frozen; its fingerprint is <code className="break-all font-mono">{hash.slice(0, 16)}</code>.
        Rows, baselines and monitors may change, this stays.
      </p>
      {children}
    </div>
  );
}
