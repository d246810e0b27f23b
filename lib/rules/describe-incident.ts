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

/** What is broken and for whom, in one sentence, from its alerts, the most important first. */
export function answerOf(subject: IncidentSubject, alerts: readonly AnswerAlert[]): string {
  const firing = alerts.filter(({ state }) => state === "firing");
  const told = firing.length > 0 ? firing : alerts;
  const [first] = told;
  const who = `${subject.modelName ?? "Nothing that is watched"}${placeOf(subject)}`;
  if (first === undefined) return `${who}: ${causeNames[subject.causeClass]}.`;
  const columns = [...new Set(told.flatMap(({ column }) => (column === "" ? [] : [column])))];
  const more = columns.length > namedMax ? ` and ${columns.length - namedMax} more` : "";
  const where = columns.length === 0 ? "" : ` on ${columns.slice(0, namedMax).join(", ")}${more}`;
  const was = firing.length > 0 ? "" : " (over)";
  return `${who}: ${causeNames[subject.causeClass]}${where}${was}. ${endWithDot(first.sentence)}`;
}

const endWithDot = (sentence: string) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
