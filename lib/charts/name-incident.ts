import type {
  IncidentPhase,
  IncidentRole,
  IncidentStampName,
  IncidentState,
  IncidentVerdict,
  Severity,
  TimelineKind,
} from "#lib/domain/incident.ts";

export const incidentStateNames: Record<IncidentState, string> = {
  triggered: "Triggered",
  acknowledged: "Acknowledged",
  mitigated: "Mitigated",
  resolved: "Resolved",
  closed: "Closed",
  merged: "Merged",
};

export const verdictNames: Record<IncidentVerdict, string> = {
  real_degradation: "Real degradation",
  data_bug: "Data bug",
  benign_shift: "Benign shift",
  seasonality: "Seasonality",
  monitor_bug: "Monitor bug",
};

export const verdictHelp: Record<IncidentVerdict, string> = {
  real_degradation: "The model got worse, and people or decisions felt it.",
  data_bug: "Rows were late, broken or of another unit.",
  benign_shift: "The world moved, and the model copes.",
  seasonality: "It comes back every week or season and was to be expected.",
  monitor_bug: "The monitor asked the wrong question.",
};

export const severityHelp: Record<Severity, string> = {
  sev1: "wrong or missing predictions for all, of a critical model",
  sev2: "a loss for all of an important model, or for some of a critical one",
  sev3: "no measured loss yet, of a critical model",
  sev4: "no measured loss, of a model of medium impact",
  sev5: "no measured loss, of a model of low impact",
};

/** Whether an entry is a person's or a machine's: a reader may leave out the latter. */
export function isAutomatic(kind: TimelineKind, actorKind: string): boolean {
  const own: readonly TimelineKind[] = [
    "told",
    "not_told",
    "alert_explained",
    "runbook_attached",
    "action_step",
  ];
  return actorKind === "job" && own.includes(kind);
}

export const roleNames: Record<IncidentRole, string> = {
  commander: "Commander",
  investigator: "Investigator",
  communications: "Communications",
  scribe: "Scribe",
};

export const stampNames: Record<IncidentStampName, string> = {
  impactStartedAt: "Impact from",
  detectedAt: "Detected",
  acknowledgedAt: "Acknowledged",
  mitigatedAt: "Mitigated",
  resolvedAt: "Resolved",
  closedAt: "Closed",
};

export const phaseHelp: Record<IncidentPhase, string> = {
  investigating: "Investigating: nobody knows yet why",
  identified: "Identified: the cause is known",
  monitoring: "Monitoring: a fix is in, and it is watched",
};
