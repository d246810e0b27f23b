"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Incident, IncidentPatch } from "#lib/api/incident.ts";
import { memberListQuery } from "#lib/api/member.ts";
import { roleNames } from "#lib/charts/name-incident.ts";
import { sayEscalation, sayImpact } from "#lib/charts/prepare-incident-answer.ts";
import type { Severity } from "#lib/domain/incident.ts";
import { incidentRoles, severities, severityNames, severitySchema } from "#lib/domain/incident.ts";
import { causeNames } from "#lib/rules/describe-incident.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/select.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { useZone } from "../ui/use-zone.ts";
import { MomentsDialog } from "./moments-dialog.tsx";
import { ReasonDialog } from "./reason-dialog.tsx";
import { isStale, StaleNotice } from "./stale-notice.tsx";
import { useChangeIncident } from "./use-incident.ts";

const nobody = "*";

/** Who has it, how bad it is, and when what happened. */
export function IncidentFactsCard({
  workspace,
  incident,
}: {
  workspace: string;
  incident: Incident;
}) {
  const [severity, setSeverity] = useState<Severity | null>(null);
  const [isMoving, setIsMoving] = useState(false);
  const done = () => {
    setSeverity(null);
    setIsMoving(false);
  };
  const change = useChangeIncident(workspace, incident.number, done);
  const zone = useZone();
  const members = useQuery(memberListQuery(workspace));
  // What was read when a form was opened: whoever set the same field since is not overwritten unseen.
  const [read, setRead] = useState(incident.revision);
  const failure = isStale(change.error) ? null : sayFailure(change.error);
  const set = (patch: Omit<IncidentPatch, "revision">, revision = incident.revision) =>
    change.mutate({ kind: "update", patch: { ...patch, revision } });
  const people = (members.data?.members ?? []).map(({ userId, name }) => ({
    value: userId,
    label: name,
  }));
  const close = () => {
    change.reset();
    done();
  };
  const isMerged = incident.state === "merged";
  return (
    <section aria-label="Facts" className="rounded-lg border px-4 py-3">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-2 text-sm">
        <dt className="text-ink-3">Owner</dt>
        <dd>
          <Select
            label="Owner"
            value={incident.owner?.kind === "user" ? incident.owner.id : nobody}
            options={[
              {
                value: nobody,
                label: incident.owner?.kind === "team" ? incident.owner.name : "Nobody",
              },
              ...people,
            ]}
            onChange={(value) => set({ ownerUserId: value === nobody ? null : value })}
          />
        </dd>
        <dt className="text-ink-3">Severity</dt>
        <dd>
          <Select
            label="Severity"
            value={incident.severity}
            options={severities.map((value) => ({ value, label: severityNames[value] }))}
            onChange={(value) => {
              if (isMerged) return;
              setRead(incident.revision);
              setSeverity(severitySchema.parse(value));
            }}
          />
          <p className="mt-0.5 text-ink-3 text-xs">
            {incident.severityReason === null
              ? "computed from the model's tier and what fires"
              : `set by a person: ${incident.severityReason}`}
          </p>
        </dd>
        <dt className="text-ink-3">Held by</dt>
        <dd>
          {incident.acknowledgedBy ?? <span className="text-ink-3">nobody</span>}
          {incident.ackUntil !== null && (
            <span className="block text-ink-3 text-xs">
              until <TimeText iso={incident.ackUntil} /> without another deed
            </span>
          )}
        </dd>
        {incidentRoles.map((role) => {
          const holder = incident.roles.find((each) => each.role === role);
          return (
            <div key={role} className="contents">
              <dt className="text-ink-3">{roleNames[role]}</dt>
              <dd>
                <Select
                  label={roleNames[role]}
                  value={holder?.userId ?? nobody}
                  options={[{ value: nobody, label: "Nobody" }, ...people]}
                  onChange={(value) => set({ roles: { [role]: value === nobody ? null : value } })}
                />
              </dd>
            </div>
          );
        })}
        <dt className="text-ink-3">Escalation</dt>
        <dd>{sayEscalation(incident)}</dd>
        <dt className="text-ink-3">Cause</dt>
        <dd>{causeNames[incident.causeClass]}</dd>
        {moments(incident, zone).map(({ label, iso, note }) => (
          <div key={label} className="contents">
            <dt className="text-ink-3">{label}</dt>
            <dd>
              {iso === null ? (
                <span className="text-ink-3">–</span>
              ) : (
                <TimeText iso={iso} isAbsolute />
              )}
              {note !== null && <span className="block text-ink-3 text-xs">{note}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {failure !== null && severity === null && !isMoving && (
        <p role="alert" className="mt-2 text-breach text-sm">
          {failure}
        </p>
      )}
      {!isMerged && (
        <Button
          size="sm"
          kind="quiet"
          className="mt-2 -ml-2"
          onClick={() => {
            setRead(incident.revision);
            setIsMoving(true);
          }}
        >
          Correct the moments
        </Button>
      )}
      {severity !== null && (
        <ReasonDialog
          title={`Set ${severityNames[severity]}`}
          description="It is not computed any more then: what fires later changes nothing about it."
          label="Why"
          isDue
          isBusy={change.isPending}
          failure={failure}
          onClose={close}
          onDone={(reason) => set({ severity, reason }, read)}
        />
      )}
      {isMoving && (
        <MomentsDialog
          incident={incident}
          isBusy={change.isPending}
          failure={failure}
          onClose={close}
          onDone={(patch) => set(patch, read)}
        />
      )}
      <StaleNotice workspace={workspace} incident={incident} change={change} />
    </section>
  );
}

function moments(incident: Incident, zone: string) {
  const plain = (label: string, iso: string | null) => ({ label, iso, note: null });
  return [
    {
      label: "Impact from",
      iso: incident.impactStartedAt,
      note: sayImpact(incident, zone),
    },
    plain("Detected", incident.detectedAt),
    plain("Acknowledged", incident.acknowledgedAt),
    plain("Mitigated", incident.mitigatedAt),
    plain("Resolved", incident.resolvedAt),
    ...(incident.closedAt === null ? [] : [plain("Closed", incident.closedAt)]),
  ];
}
