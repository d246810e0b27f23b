import type { IncidentMessage, MessageAlert } from "#lib/domain/notification.ts";

export function buildMessage(overrides: Partial<IncidentMessage> = {}): IncidentMessage {
  return {
    kind: "triggered",
    workspaceName: "Flights",
    incidentId: "00000000-0000-4000-8000-00000000000a",
    incidentNumber: 12,
    sequence: 1,
    groupKey: '["eta","production","data_drift"]',
    title: "eta drifts on 2 of 5 features",
    state: "triggered",
    severity: "sev2",
    causeClass: "data_drift",
    model: { name: "eta", environment: "production", version: "3" },
    answer: "distance moved by 0.41 PSI (18,234 rows; 0.2 is allowed) since 14:05.",
    impactStartedAt: "2026-10-01T14:05:00.000Z",
    detectedAt: "2026-10-01T14:20:00.000Z",
    acknowledgedAt: null,
    acknowledgedBy: null,
    mitigatedAt: null,
    resolvedAt: null,
    ownerName: "Arrivals team",
    note: null,
    alerts: [buildAlert()],
    firingCount: 1,
    resolvedCount: 0,
    explainedCount: 0,
    runbookUrl: "https://runbooks.example.com/drift",
    incidentUrl: "https://plumbline.example.com/w/flights/incidents/12",
    ...overrides,
  };
}

export function buildAlert(overrides: Partial<MessageAlert> = {}): MessageAlert {
  return {
    alertId: "00000000-0000-4000-8000-0000000000a1",
    monitorName: "Drift of all features",
    target: "distance",
    state: "firing",
    sentence: "PSI 0.41 of 18,234 rows; 0.2 is allowed.",
    startedAt: "2026-10-01T14:05:00.000Z",
    endedAt: null,
    ...overrides,
  };
}
