import type { CauseClass, MonitorSeries } from "#lib/domain/monitor.ts";

export const causeNames: Record<CauseClass, string> = {
  data_drift: "data drift",
  training_serving_skew: "training-serving skew",
  freshness: "late or missing data",
  volume: "unusual volume",
  data_quality: "bad values",
  schema: "schema change",
  performance: "worse predictions",
  latency: "slow predictions",
  fairness: "unequal treatment",
  slo: "error budget burning",
  other: "something is wrong",
};

export interface IncidentSubject {
  modelName: string | null;
  environment: string;
  segmentKey: string;
  segmentValue: string;
  causeClass: CauseClass;
}

/** "eta: data drift in production, region eu": the same for as long as it lives. */
export function titleOf(subject: IncidentSubject): string {
  return `${subject.modelName ?? "No model"}: ${causeNames[subject.causeClass]}${placeOf(subject)}`;
}

function placeOf({ environment, segmentKey, segmentValue }: IncidentSubject): string {
  const place = environment === "" ? "" : ` in ${environment}`;
  return segmentKey === "" ? place : `${place}, ${segmentKey} ${segmentValue}`;
}

type Target = Pick<MonitorSeries, "subject" | "column" | "version" | "segmentKey" | "segmentValue">;

/** "feature distance, version 2026.11.1"; "the whole model". */
export function targetOf({ subject, column, version, segmentKey, segmentValue }: Target): string {
  const what = subject === "model" ? "the whole model" : `${subject} ${column}`.trim();
  return [
    what,
    ...(segmentKey === "" ? [] : [`${segmentKey} ${segmentValue}`]),
    ...(version === "" ? [] : [`version ${version}`]),
  ].join(", ");
}

export interface AnswerAlert extends Target {
  state: "firing" | "resolved";
  sentence: string;
}

const namedMax = 3;

/** "eta in production: data drift on distance, origin": what is broken and for whom, from its alerts. */
export function whatOf(subject: IncidentSubject, alerts: readonly AnswerAlert[]): string {
  const firing = alerts.filter(({ state }) => state === "firing");
  const told = firing.length > 0 ? firing : alerts;
  const columns = [...new Set(told.flatMap(({ column }) => (column === "" ? [] : [column])))];
  const more = columns.length > namedMax ? ` and ${columns.length - namedMax} more` : "";
  const where = columns.length === 0 ? "" : ` on ${columns.slice(0, namedMax).join(", ")}${more}`;
  const who = `${subject.modelName ?? "Nothing that is watched"}${placeOf(subject)}`;
  return `${who}: ${causeNames[subject.causeClass]}${where}`;
}

/** The same with what the most important alert says, which comes first. */
export function answerOf(subject: IncidentSubject, alerts: readonly AnswerAlert[]): string {
  const first = alerts.find(({ state }) => state === "firing") ?? alerts[0];
  const what = whatOf(subject, alerts);
  if (first === undefined) return `${what}.`;
  const was = first.state === "firing" ? "" : " (over)";
  return `${what}${was}. ${endWithDot(first.sentence)}`;
}

const endWithDot = (sentence: string) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
