import type {
  IncidentPhase,
  IncidentStampName,
  IncidentStamps,
  IncidentState,
  IncidentVerdict,
  Severity,
  TimelineKind,
} from "#lib/domain/incident.ts";
import {
  incidentStampNames,
  isOpenIncident,
  severities,
  severityNames,
} from "#lib/domain/incident.ts";
import type { NotificationKind } from "#lib/domain/notification.ts";
import { checkStamps } from "./check-stamps.ts";
import { worstOf } from "./compute-severity.ts";
import type { IncidentSettings } from "./incident-settings.ts";

export interface IncidentAlert {
  id: string;
  state: "firing" | "resolved";
  severity: Severity;
  windowMs: number;
}

/** All of an incident that decides what may happen to it. */
export interface IncidentFacts {
  state: IncidentState;
  severity: Severity;
  /** Why a person set it; null: it is computed from the alerts. */
  severityReason: string | null;
  /** A person declared or reopened it: its end is not for alerts to say. */
  endsByHand: boolean;
  stamps: IncidentStamps;
  /** Who holds it now. */
  acknowledgedBy: string | null;
  ackUntil: Date | null;
  /** When what fires is told first. */
  notifyFrom: Date;
  /** Until when the same trouble reopens it. */
  reopenUntil: Date | null;
  mergedIntoId: string | null;
  verdict: IncidentVerdict | null;
  /** What fixed it, as whoever resolved it said; null: its alerts ended by themselves, or it is not over. */
  resolution: string | null;
  /** Its own; what it explains is not among them. */
  alerts: readonly IncidentAlert[];
}

export type IncidentEvent =
  | { kind: "alert_fired"; alert: Omit<IncidentAlert, "state">; sentence: string }
  | { kind: "alert_cleared"; alertId: string; sentence: string }
  /** Over for another reason than its values, such as a monitor that was switched off. */
  | { kind: "alert_ended"; alertId: string; reason: string }
  /** It turned out to be explained by an alert of another incident. */
  | { kind: "alert_explained"; alertId: string; sentence: string }
  | { kind: "acknowledge"; by: string }
  | { kind: "unacknowledge"; by: string; reason: string | null }
  | { kind: "mitigate"; by: string; reason: string | null }
  | { kind: "resolve"; by: string; reason: string }
  | { kind: "reopen"; by: string; reason: string }
  | { kind: "close"; by: string; verdict: IncidentVerdict; note: string | null }
  | { kind: "merge"; by: string; intoId: string; intoNumber: number }
  | { kind: "absorb"; by: string; fromNumber: number; alerts: readonly IncidentAlert[] }
  | { kind: "split_off"; by: string; alertIds: readonly string[]; intoNumber: number }
  | { kind: "status_update"; by: string; phase: IncidentPhase; text: string }
  | { kind: "override_severity"; by: string; severity: Severity; reason: string }
  | { kind: "edit_stamps"; by: string; stamps: Partial<IncidentStamps>; reason: string }
  | { kind: "tick" };

export interface TimelineDraft {
  kind: TimelineKind;
  text: string;
  occurredAt: Date;
}

/** Something to be told beside what the alerts themselves give cause to. */
export interface Tell {
  kind: Extract<
    NotificationKind,
    "acknowledged" | "updated" | "reminded" | "mitigated" | "escalated"
  >;
  note: string | null;
  /** A person wrote it to be read: it is said also where the beginning has only just been told. */
  isWritten?: boolean;
}

export type IncidentStep =
  | {
      kind: "changed";
      facts: IncidentFacts;
      entries: TimelineDraft[];
      tells: Tell[];
      /** Alerts that are over because a person ended the incident: values that go on firing count anew. */
      endedAlertIds: string[];
      /** How it ended, if it did so in this step. */
      resolvedBy: "alerts" | "person" | null;
    }
  | { kind: "unchanged" }
  | { kind: "refused"; message: string; field?: IncidentStampName };

/** What an event makes of an incident. The only place that knows which state follows which. */
export function stepIncident(
  facts: IncidentFacts,
  event: IncidentEvent,
  settings: IncidentSettings,
  now: Date,
): IncidentStep {
  switch (event.kind) {
    case "alert_fired":
      return onAlertFired(facts, event, settings, now);
    case "alert_cleared":
      return onAlertOver(facts, event.alertId, settings, now, {
        kind: "alert_cleared",
        text: event.sentence,
        occurredAt: now,
      });
    case "alert_ended":
      return onAlertOver(facts, event.alertId, settings, now, {
        kind: "alert_ended",
        text: event.reason,
        occurredAt: now,
      });
    case "alert_explained":
      return onAlertExplained(facts, event, settings, now);
    case "acknowledge":
      return onAcknowledge(facts, event.by, settings, now);
    case "unacknowledge": {
      if (facts.state !== "acknowledged")
        return wrongState(facts, "be given back", ["acknowledged"]);
      return changed(
        { ...facts, state: "triggered", acknowledgedBy: null, ackUntil: null },
        [
          entry(
            "acknowledgement_withdrawn",
            withReason(`${event.by} gave it back`, event.reason),
            now,
          ),
        ],
        [{ kind: "updated", note: `${event.by} gave it back: nobody holds it` }],
      );
    }
    case "mitigate": {
      if (facts.state === "mitigated") return { kind: "unchanged" };
      if (!isOpenIncident(facts.state))
        return wrongState(facts, "be mitigated", ["triggered", "acknowledged"]);
      return changed(
        {
          ...facts,
          state: "mitigated",
          ackUntil: null,
          stamps: { ...facts.stamps, mitigatedAt: notBefore(facts.stamps, "mitigatedAt", now) },
        },
        [entry("mitigated", withReason(`${event.by} marked it mitigated`, event.reason), now)],
        [{ kind: "mitigated", note: event.reason }],
      );
    }
    case "resolve":
      return onResolve(facts, event, settings, now);
    case "reopen": {
      if (facts.state !== "resolved") return wrongState(facts, "be reopened", ["resolved"]);
      const again = reopened({ ...facts, endsByHand: true }, settings, now);
      const text = withReason(`${event.by} reopened it`, event.reason);
      return changed(again, [entry("reopened", text, now)]);
    }
    case "close": {
      if (facts.state !== "resolved") return wrongState(facts, "be closed", ["resolved"]);
      return changed(
        {
          ...facts,
          state: "closed",
          verdict: event.verdict,
          resolution: facts.resolution ?? event.note,
          reopenUntil: null,
          stamps: { ...facts.stamps, closedAt: notBefore(facts.stamps, "closedAt", now) },
        },
        [
          entry(
            "closed",
            withReason(`${event.by} closed it: ${event.verdict.replaceAll("_", " ")}`, event.note),
            now,
          ),
        ],
      );
    }
    case "merge": {
      if (facts.state === "merged" || facts.state === "closed")
        return wrongState(facts, "be merged", [
          "triggered",
          "acknowledged",
          "mitigated",
          "resolved",
        ]);
      return changed(
        {
          ...facts,
          state: "merged",
          mergedIntoId: event.intoId,
          ackUntil: null,
          reopenUntil: null,
          alerts: facts.alerts.filter(({ state }) => state === "resolved"),
        },
        [entry("merged", `${event.by} merged it into incident ${event.intoNumber}`, now)],
      );
    }
    case "absorb":
      return onAbsorb(facts, event, now);
    case "split_off":
      return onSplitOff(facts, event, now);
    case "status_update": {
      if (!isOpenIncident(facts.state))
        return wrongState(facts, "be reported on", ["triggered", "acknowledged", "mitigated"]);
      // Who has spoken need not wait for more alerts to come.
      const notifyFrom = facts.notifyFrom > now ? now : facts.notifyFrom;
      const note = `${phaseNames[event.phase]}: ${event.text}`;
      return changed(
        { ...facts, notifyFrom },
        [entry("status_update", note, now)],
        [{ kind: "updated", note, isWritten: true }],
      );
    }
    case "override_severity": {
      if (facts.state === "merged") return wrongState(facts, "be judged anew", []);
      const text = `${event.by} set ${severityNames[event.severity]} instead of ${severityNames[facts.severity]}: ${event.reason}`;
      if (event.severity === facts.severity && event.reason === facts.severityReason)
        return { kind: "unchanged" };
      return changed(
        { ...facts, severity: event.severity, severityReason: event.reason },
        [entry("severity_changed", text, now)],
        event.severity === facts.severity ? [] : [{ kind: "updated", note: text }],
      );
    }
    case "edit_stamps":
      return onEditStamps(facts, event, now);
    case "tick":
      return onTick(facts, settings, now);
  }
}

/** The facts of an incident that this alert opens. */
export function openedBy(
  alert: Omit<IncidentAlert, "state">,
  settings: IncidentSettings,
  now: Date,
  impactStartedAt: Date | null,
): IncidentFacts {
  return {
    state: "triggered",
    severity: alert.severity,
    severityReason: null,
    endsByHand: false,
    stamps: stampsAt(now, impactStartedAt),
    acknowledgedBy: null,
    ackUntil: null,
    notifyFrom: new Date(now.getTime() + settings.groupWaitMs),
    reopenUntil: null,
    mergedIntoId: null,
    verdict: null,
    resolution: null,
    alerts: [{ ...alert, state: "firing" }],
  };
}

/** The facts of an incident that a person declares. */
export function declaredWith(
  {
    severity,
    reason,
    impactStartedAt,
  }: { severity: Severity; reason: string; impactStartedAt: Date | null },
  now: Date,
): IncidentFacts {
  return {
    state: "triggered",
    severity,
    severityReason: reason,
    endsByHand: true,
    stamps: stampsAt(now, impactStartedAt),
    acknowledgedBy: null,
    ackUntil: null,
    notifyFrom: now,
    reopenUntil: null,
    mergedIntoId: null,
    verdict: null,
    resolution: null,
    alerts: [],
  };
}

function stampsAt(now: Date, impactStartedAt: Date | null): IncidentStamps {
  const startedAt = impactStartedAt !== null && impactStartedAt > now ? now : impactStartedAt;
  return {
    impactStartedAt: startedAt,
    detectedAt: now,
    acknowledgedAt: null,
    mitigatedAt: null,
    resolvedAt: null,
    closedAt: null,
  };
}

function onAlertFired(
  facts: IncidentFacts,
  { alert, sentence }: Extract<IncidentEvent, { kind: "alert_fired" }>,
  settings: IncidentSettings,
  now: Date,
): IncidentStep {
  if (facts.alerts.some(({ id }) => id === alert.id)) return { kind: "unchanged" };
  const fired = entry("alert_fired", sentence, now);
  const alerts = [...facts.alerts, { ...alert, state: "firing" as const }];
  if (facts.state === "resolved") {
    if (facts.reopenUntil === null || now > facts.reopenUntil)
      return { kind: "refused", message: "It was resolved too long ago to be the same trouble." };
    const open = withSeverity({ ...reopened(facts, settings, now), alerts });
    return changed(open, [
      fired,
      entry("reopened", "It fired again soon after it had cleared", now),
    ]);
  }
  if (!isOpenIncident(facts.state)) return wrongState(facts, "take in another alert", []);
  const next = withSeverity({ ...facts, alerts });
  const isWorse = severities.indexOf(next.severity) < severities.indexOf(facts.severity);
  const rise = `Severity rose from ${severityNames[facts.severity]} to ${severityNames[next.severity]}`;
  const entries = isWorse ? [fired, entry("severity_changed", rise, now)] : [fired];
  const isHeld = facts.state !== "triggered";
  // Whoever acknowledged held less than this; whoever mitigated did not.
  if (!isHeld || (facts.state === "acknowledged" && !isWorse)) return changed(next, entries);
  const why =
    facts.state === "mitigated" ? "It was mitigated, and another alert began to fire" : rise;
  return changed(
    {
      ...next,
      state: "triggered",
      acknowledgedBy: null,
      ackUntil: null,
      stamps: { ...next.stamps, mitigatedAt: null },
    },
    [...entries, entry("acknowledgement_withdrawn", `${why}: it is open again`, now)],
    [{ kind: "updated", note: why }],
  );
}

function onAlertOver(
  facts: IncidentFacts,
  alertId: string,
  settings: IncidentSettings,
  now: Date,
  over: TimelineDraft,
): IncidentStep {
  const alert = facts.alerts.find(({ id }) => id === alertId);
  if (alert === undefined || alert.state === "resolved") return { kind: "unchanged" };
  const alerts = facts.alerts.map((one) =>
    one.id === alertId ? { ...one, state: "resolved" as const } : one,
  );
  return afterAlerts({ ...facts, alerts }, [over], settings, now);
}

function onAlertExplained(
  facts: IncidentFacts,
  { alertId, sentence }: Extract<IncidentEvent, { kind: "alert_explained" }>,
  settings: IncidentSettings,
  now: Date,
): IncidentStep {
  if (!facts.alerts.some(({ id }) => id === alertId)) return { kind: "unchanged" };
  const alerts = facts.alerts.filter(({ id }) => id !== alertId);
  return afterAlerts(
    { ...facts, alerts },
    [entry("alert_explained", sentence, now)],
    settings,
    now,
  );
}

/** With the last of its alerts an incident that alerts opened is over, whoever holds it. */
function afterAlerts(
  facts: IncidentFacts,
  entries: TimelineDraft[],
  settings: IncidentSettings,
  now: Date,
): IncidentStep {
  const isOver = isOpenIncident(facts.state) && !facts.endsByHand && !isFiring(facts);
  if (!isOver) return changed(facts, entries);
  return {
    kind: "changed",
    facts: resolved(facts, settings, now),
    entries: [...entries, entry("resolved", "All of its alerts are over", now)],
    tells: [],
    endedAlertIds: [],
    resolvedBy: "alerts",
  };
}

function onAcknowledge(
  facts: IncidentFacts,
  by: string,
  settings: IncidentSettings,
  now: Date,
): IncidentStep {
  const { ackTimeoutMs } = settings;
  const ackUntil = ackTimeoutMs === null ? null : new Date(now.getTime() + ackTimeoutMs);
  if (facts.state === "acknowledged") {
    // Somebody else takes it over, or the same person holds it for longer.
    const isSame = facts.acknowledgedBy === by;
    return changed(
      { ...facts, acknowledgedBy: by, ackUntil },
      [
        entry(
          "acknowledged",
          isSame ? `${by} goes on holding it` : `${by} took it over from ${facts.acknowledgedBy}`,
          now,
        ),
      ],
      isSame ? [] : [{ kind: "acknowledged", note: `${by} took it over` }],
    );
  }
  if (facts.state !== "triggered") return wrongState(facts, "be acknowledged", ["triggered"]);
  const acknowledgedAt =
    facts.stamps.acknowledgedAt ?? notBefore(facts.stamps, "acknowledgedAt", now);
  return changed(
    {
      ...facts,
      state: "acknowledged",
      acknowledgedBy: by,
      ackUntil,
      stamps: { ...facts.stamps, acknowledgedAt },
    },
    [entry("acknowledged", `${by} acknowledged it`, now)],
    [{ kind: "acknowledged", note: null }],
  );
}

function onResolve(
  facts: IncidentFacts,
  { by, reason }: Extract<IncidentEvent, { kind: "resolve" }>,
  settings: IncidentSettings,
  now: Date,
): IncidentStep {
  if (facts.state === "resolved") return { kind: "unchanged" };
  if (!isOpenIncident(facts.state))
    return wrongState(facts, "be resolved", ["triggered", "acknowledged", "mitigated"]);
  const endedAlertIds = facts.alerts.flatMap(({ id, state }) => (state === "firing" ? [id] : []));
  const alerts = facts.alerts.map((alert) => ({ ...alert, state: "resolved" as const }));
  return {
    kind: "changed",
    facts: { ...resolved({ ...facts, alerts }, settings, now), resolution: reason },
    entries: [entry("resolved", `${by} resolved it: ${reason}`, now)],
    tells: [],
    endedAlertIds,
    resolvedBy: "person",
  };
}

function onAbsorb(
  facts: IncidentFacts,
  { by, fromNumber, alerts }: Extract<IncidentEvent, { kind: "absorb" }>,
  now: Date,
): IncidentStep {
  if (!isOpenIncident(facts.state))
    return wrongState(facts, "take in another incident", [
      "triggered",
      "acknowledged",
      "mitigated",
    ]);
  const known = new Set(facts.alerts.map(({ id }) => id));
  const taken = alerts.filter(({ id }) => !known.has(id));
  return changed(withSeverity({ ...facts, alerts: [...facts.alerts, ...taken] }), [
    entry("absorbed", `${by} merged incident ${fromNumber} into it`, now),
  ]);
}

function onSplitOff(
  facts: IncidentFacts,
  { by, alertIds, intoNumber }: Extract<IncidentEvent, { kind: "split_off" }>,
  now: Date,
): IncidentStep {
  const refusal = refuseSplit(facts, alertIds);
  if (refusal !== null) return { kind: "refused", message: refusal };
  const leaving = new Set(alertIds);
  const alerts = facts.alerts.filter(({ id }) => !leaving.has(id));
  const what = `${leaving.size} ${leaving.size === 1 ? "alert" : "alerts"}`;
  const text = `${by} split ${what} off into incident ${intoNumber}`;
  return changed(
    withSeverity({ ...facts, alerts }),
    [entry("split", text, now)],
    [{ kind: "updated", note: text }],
  );
}

/** Why these alerts can't go into an incident of their own; null: they can. On both sides something is left to work on. */
export function refuseSplit(facts: IncidentFacts, alertIds: readonly string[]): string | null {
  if (!isOpenIncident(facts.state))
    return `The incident is ${facts.state} and can't be split; only what is open can.`;
  const leaving = facts.alerts.filter(({ id }) => alertIds.includes(id));
  if (leaving.length < new Set(alertIds).size) return "It has no such alert.";
  const staying = facts.alerts.filter(({ id }) => !alertIds.includes(id));
  if (!leaving.some(({ state }) => state === "firing"))
    return "None of these alerts fires: there would be nothing to work on.";
  if (!facts.endsByHand && !staying.some(({ state }) => state === "firing"))
    return "All that fires would leave: rename this incident instead.";
  return null;
}

/** The facts of an incident that takes these alerts out of another. Whoever held that one holds this one, too. */
export function splitFrom(
  facts: IncidentFacts,
  alerts: readonly IncidentAlert[],
  { by, firedAt, impactStartedAt }: { by: string; firedAt: Date; impactStartedAt: Date | null },
  settings: IncidentSettings,
  now: Date,
): IncidentFacts {
  const detectedAt = firedAt > now ? now : firedAt;
  const began =
    impactStartedAt === null || impactStartedAt > detectedAt ? detectedAt : impactStartedAt;
  const isHeld = facts.state !== "triggered";
  const { ackTimeoutMs } = settings;
  const acknowledgedAt = new Date(
    Math.max(detectedAt.getTime(), (facts.stamps.acknowledgedAt ?? now).getTime()),
  );
  return withSeverity({
    state: isHeld ? "acknowledged" : "triggered",
    severity: facts.severity,
    severityReason: null,
    endsByHand: false,
    stamps: {
      impactStartedAt: impactStartedAt === null ? null : began,
      detectedAt,
      acknowledgedAt: isHeld ? acknowledgedAt : null,
      mitigatedAt: null,
      resolvedAt: null,
      closedAt: null,
    },
    acknowledgedBy: isHeld ? (facts.acknowledgedBy ?? by) : null,
    ackUntil: isHeld && ackTimeoutMs !== null ? new Date(now.getTime() + ackTimeoutMs) : null,
    notifyFrom: now,
    reopenUntil: null,
    mergedIntoId: null,
    verdict: null,
    resolution: null,
    alerts: [...alerts],
  });
}

const phaseNames: Record<IncidentPhase, string> = {
  investigating: "Investigating",
  identified: "Identified",
  monitoring: "Monitoring",
};

function onEditStamps(
  facts: IncidentFacts,
  { by, stamps, reason }: Extract<IncidentEvent, { kind: "edit_stamps" }>,
  now: Date,
): IncidentStep {
  const next = { ...facts.stamps, ...stamps };
  const moved = incidentStampNames.filter(
    (name) => next[name]?.getTime() !== facts.stamps[name]?.getTime(),
  );
  if (moved.length === 0) return { kind: "unchanged" };
  for (const field of moved) {
    const refusal = refuseStamp(facts, field, next[field]);
    if (refusal !== null) return { kind: "refused", message: refusal, field };
  }
  const wrong = checkStamps(next, now);
  if (wrong !== null) return { kind: "refused", message: wrong.message, field: wrong.name };
  const list = moved.map((name) => `${name} from ${say(facts.stamps[name])} to ${say(next[name])}`);
  return changed({ ...facts, stamps: next }, [
    entry("stamps_edited", `${by} moved ${list.join(", ")}: ${reason}`, now),
  ]);
}

/** A moment that the state implies can be moved but not taken away, and one that it has not come to can't be set. */
function refuseStamp(
  facts: IncidentFacts,
  name: IncidentStampName,
  at: Date | null,
): string | null {
  const isThere = facts.stamps[name] !== null;
  if (name === "impactStartedAt") return null;
  if (!isThere && name === "mitigatedAt" && facts.state === "resolved") return null;
  if (!isThere && at !== null)
    return `"${name}" can't be set: the incident is ${facts.state}, and that has not happened`;
  return at === null ? `"${name}" can be moved but not taken away` : null;
}

function onTick(facts: IncidentFacts, settings: IncidentSettings, now: Date): IncidentStep {
  if (facts.state !== "acknowledged" || facts.ackUntil === null || now < facts.ackUntil)
    return { kind: "unchanged" };
  const ago =
    settings.ackTimeoutMs === null ? "" : ` ${Math.round(settings.ackTimeoutMs / 60_000)} min ago`;
  const text = `${facts.acknowledgedBy} acknowledged it${ago} and did nothing since: it is open again`;
  return changed(
    { ...facts, state: "triggered", acknowledgedBy: null, ackUntil: null },
    [entry("acknowledgement_ran_out", text, now)],
    [{ kind: "reminded", note: text }],
  );
}

export const isFiring = ({ alerts }: Pick<IncidentFacts, "alerts">): boolean =>
  alerts.some(({ state }) => state === "firing");

function resolved(facts: IncidentFacts, settings: IncidentSettings, now: Date): IncidentFacts {
  const windowMs = Math.max(0, ...facts.alerts.map((alert) => alert.windowMs));
  const reopenMs = Math.max(settings.reopenMsMin, settings.reopenWindows * windowMs);
  return {
    ...facts,
    state: "resolved",
    ackUntil: null,
    reopenUntil: new Date(now.getTime() + reopenMs),
    stamps: { ...facts.stamps, resolvedAt: notBefore(facts.stamps, "resolvedAt", now) },
  };
}

function reopened(facts: IncidentFacts, settings: IncidentSettings, now: Date): IncidentFacts {
  return {
    ...facts,
    state: "triggered",
    acknowledgedBy: null,
    ackUntil: null,
    reopenUntil: null,
    resolution: null,
    notifyFrom: new Date(now.getTime() + (facts.endsByHand ? 0 : settings.groupWaitMs)),
    stamps: { ...facts.stamps, mitigatedAt: null, resolvedAt: null },
  };
}

/** In doubt the worst: an alert that has cleared still counts, since what it saw was there. */
function withSeverity(facts: IncidentFacts): IncidentFacts {
  if (facts.severityReason !== null) return facts;
  const worst = worstOf(facts.alerts.map(({ severity }) => severity));
  return worst === null ? facts : { ...facts, severity: worst };
}

/** Clocks of two machines differ: a moment never comes before the ones that it follows. */
function notBefore(stamps: IncidentStamps, name: IncidentStampName, now: Date): Date {
  const before = incidentStampNames
    .slice(0, incidentStampNames.indexOf(name))
    .flatMap((one) => stamps[one]?.getTime() ?? []);
  return new Date(Math.max(now.getTime(), ...before));
}

function changed(facts: IncidentFacts, entries: TimelineDraft[], tells: Tell[] = []): IncidentStep {
  return { kind: "changed", facts, entries, tells, endedAlertIds: [], resolvedBy: null };
}

function wrongState(
  { state }: IncidentFacts,
  what: string,
  from: readonly IncidentState[],
): IncidentStep {
  const due = from.length === 0 ? "" : `; only what is ${from.join(" or ")} can`;
  return { kind: "refused", message: `The incident is ${state} and can't ${what}${due}.` };
}

const entry = (kind: TimelineKind, text: string, occurredAt: Date): TimelineDraft => ({
  kind,
  text,
  occurredAt,
});
const withReason = (text: string, reason: string | null): string =>
  reason === null || reason === "" ? text : `${text}: ${reason}`;
const say = (at: Date | null): string => at?.toISOString() ?? "none";
