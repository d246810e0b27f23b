"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { Incident } from "#lib/api/incident.ts";
import { incidentQuery } from "#lib/api/incident.ts";
import { writeSilenceQuery } from "#lib/charts/draft-silence.ts";
import { prepareIncidentAnswer } from "#lib/charts/prepare-incident-answer.ts";
import { isOpenIncident } from "#lib/domain/incident.ts";
import { IncidentActionsLog } from "../action/incident-actions-log.tsx";
import { ChangeMarks } from "../change/change-marks.tsx";
import { IncidentDeliveries } from "../notification/incident-deliveries.tsx";
import { IncidentPostmortemCard } from "../postmortem/incident-postmortem-card.tsx";
import { AsOf } from "../request/as-of.tsx";
import { QueryView } from "../request/query-view.tsx";
import { IncidentRunbookPanel } from "../runbook/incident-runbook-panel.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Timeline } from "../timeline/timeline.tsx";
import { Badge } from "../ui/badge.tsx";
import { Skeleton, SkeletonTable } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { useZone } from "../ui/use-zone.ts";
import { AlertList } from "./alert-list.tsx";
import { ChangesBefore } from "./changes-before.tsx";
import { EvidencePanel } from "./evidence-panel.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import { IncidentActions } from "./incident-actions.tsx";
import { IncidentFactsCard } from "./incident-facts-card.tsx";
import { NewestUpdate } from "./newest-update.tsx";
import { SeverityMark } from "./severity-mark.tsx";
import { SimilarPanel } from "./similar-panel.tsx";
import { StateMark } from "./state-mark.tsx";

/** What broke, since when, for whom, why we think so, who has it, what was done. */
export function IncidentPage({ workspace, number }: { workspace: string; number: number }) {
  const query = useQuery(incidentQuery(workspace, number));
  const zone = useZone();
  const nowMs = useNow(30_000);
  const incident = query.data;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Incidents", href: paths.incidents(workspace) },
          { label: `#${number}`, href: null },
        ]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        answer={
          incident === undefined || nowMs === null
            ? null
            : prepareIncidentAnswer(incident, zone, nowMs)
        }
        notice={incident === undefined ? undefined : <Marks incident={incident} />}
      />
      <PageBody>
        <QueryView query={query} what={`Incident ${number}`} skeleton={<PageSkeleton />}>
          {(found) => <Body workspace={workspace} incident={found} />}
        </QueryView>
      </PageBody>
    </>
  );
}

function Body({ workspace, incident }: { workspace: string; incident: Incident }) {
  const { get, set } = useUrlState();
  const chosen = incident.alerts.find(({ id }) => id === get("alert"));
  const shown = chosen ?? incident.alerts.find(({ hasEvidence }) => hasEvidence);
  return (
    <>
      <IncidentActions workspace={workspace} incident={incident} />
      {/* Below the width of two columns everything is one list, in the order in which it is needed. */}
      <div className="flex flex-col gap-8 xl:grid xl:grid-cols-[minmax(0,1fr)_360px] xl:items-start">
        <div className="flex min-w-0 flex-col gap-8 max-xl:contents">
          <NewestUpdate workspace={workspace} incident={incident} />
          <Links workspace={workspace} incident={incident} />
          <IncidentRunbookPanel workspace={workspace} incident={incident.number} />
          {shown?.hasEvidence === true && (
            <ChangeMarks
              workspace={workspace}
              {...(incident.model === null ? {} : { model: incident.model })}
              {...(incident.environment === "" ? {} : { environment: incident.environment })}
              exceptIncident={incident.number}
            >
              <EvidencePanel workspace={workspace} incident={incident} alert={shown} />
            </ChangeMarks>
          )}
          <div className="min-w-0">
            <ChangesBefore workspace={workspace} incident={incident} />
          </div>
          <div className="min-w-0 max-xl:order-2">
            <SimilarPanel workspace={workspace} incident={incident} />
          </div>
          <div className="min-w-0 max-xl:order-2">
            <AlertList
              title={`Alerts, ${incident.firingCount} of ${incident.alertCount} firing`}
              alerts={incident.alerts}
              shownId={shown?.id ?? null}
              onShow={(id) => set({ alert: id }, "replace")}
              empty="No alert is attached: a person opened it."
              silenceHref={(alert) => paths.newSilence(workspace, writeSilenceQuery(alert))}
            />
          </div>
          {incident.explained.length > 0 && (
            <div className="min-w-0 max-xl:order-2">
              <AlertList
                title={`Explained by this one: ${incident.explained.length}`}
                note="They page nobody, and count on their own if they outlive it."
                alerts={incident.explained}
                shownId={null}
                onShow={null}
                empty=""
              />
            </div>
          )}
          <div className="min-w-0 max-xl:order-1">
            <IncidentActionsLog
              workspace={workspace}
              incident={incident.number}
              isOpen={isOpenIncident(incident.state)}
            />
          </div>
          <div className="min-w-0 max-xl:order-2">
            <IncidentPostmortemCard workspace={workspace} number={incident.number} />
          </div>
          <div className="min-w-0 max-xl:order-3">
            <IncidentDeliveries workspace={workspace} incidentId={incident.id} />
          </div>
          <div className="min-w-0 max-xl:order-3">
            <HistoryPanel workspace={workspace} number={incident.number} />
          </div>
        </div>
        <div className="flex min-w-0 flex-col gap-8 max-xl:contents">
          <div className="min-w-0 max-xl:order-1">
            <IncidentFactsCard workspace={workspace} incident={incident} />
          </div>
          <div className="min-w-0 max-xl:order-1">
            <Timeline workspace={workspace} incident={incident} />
          </div>
        </div>
      </div>
    </>
  );
}

function Marks({ incident }: { incident: Incident }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-6 pb-4 text-sm max-sm:px-4">
      <StateMark state={incident.state} severity={incident.severity} />
      <SeverityMark severity={incident.severity} />
      {incident.isHeld && isOpenIncident(incident.state) && (
        <Badge>a silence keeps its messages back</Badge>
      )}
      {incident.mode === "test" && <Badge>test</Badge>}
      {incident.alerts.some(({ isFlapping, state }) => isFlapping && state === "firing") && (
        <Badge>flapping</Badge>
      )}
    </div>
  );
}

/** Where to go from here. */
function Links({ workspace, incident }: { workspace: string; incident: Incident }) {
  const links = [
    ...(incident.runbookUrl === null
      ? []
      : [{ label: "Runbook", href: incident.runbookUrl, isOutside: true }]),
    ...(incident.model === null
      ? []
      : [
          { label: incident.model, href: paths.model(workspace, incident.model), isOutside: false },
        ]),
    ...(incident.mergedInto === null
      ? []
      : [
          {
            label: `Merged into #${incident.mergedInto}`,
            href: paths.incident(workspace, incident.mergedInto),
            isOutside: false,
          },
        ]),
    ...(incident.splitFrom === null
      ? []
      : [
          {
            label: `Split off #${incident.splitFrom}`,
            href: paths.incident(workspace, incident.splitFrom),
            isOutside: false,
          },
        ]),
    ...(incident.follows === null
      ? []
      : [
          {
            label: `The same before: #${incident.follows}`,
            href: paths.incident(workspace, incident.follows),
            isOutside: false,
          },
        ]),
  ];
  if (links.length === 0) return null;
  return (
    <nav aria-label="From here" className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
      {links.map(({ label, href, isOutside }) => (
        <Link
          key={href}
          href={href}
          prefetch={false}
          className="text-accent hover:underline"
          {...(isOutside ? { target: "_blank", rel: "noreferrer" } : {})}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}

function PageSkeleton() {
  return (
    <div aria-hidden className="flex flex-col gap-8">
      <Skeleton className="h-9 w-72" />
      <Skeleton className="h-56 w-full" />
      <SkeletonTable rows={4} />
    </div>
  );
}
