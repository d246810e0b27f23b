"use client";

import { nameQuestion } from "#lib/charts/describe-reading.ts";
import { monitorKindNames } from "#lib/charts/name-monitor.ts";
import { parseExpression } from "#lib/domain/expression.ts";
import type { MonitorKind } from "#lib/domain/monitor.ts";
import { monitorKinds } from "#lib/domain/monitor.ts";
import type { MonitorDefinition } from "#lib/domain/monitor-definition.ts";
import {
  cadences,
  monitorReferences,
  monitorStatistics,
  targetsOf,
  unitOf,
  windowLengths,
} from "#lib/domain/monitor-definition.ts";
import { Field, Input } from "../ui/field.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { Select } from "../ui/select.tsx";
import { ExpressionField } from "./expression-field.tsx";
import { NumberInput } from "./number-input.tsx";

export interface FormQuestion {
  kind: MonitorKind;
  environment: string;
  version: string | null;
  definition: MonitorDefinition;
  fireCount: number;
  windowCount: number;
  clearCount: number;
}

export interface QuestionFieldsProps {
  question: FormQuestion;
  features: readonly string[];
  versions: readonly string[];
  segmentKeys: readonly string[];
  errorAt: (path: string) => string | null;
  onKind: (kind: MonitorKind) => void;
  onChange: (question: FormQuestion) => void;
}

const targetNames: Record<MonitorDefinition["target"]["kind"], string> = {
  model: "the whole model",
  everything: "all features and the prediction",
  features: "all features",
  feature: "one feature",
  prediction: "the prediction",
};

const referenceNames: Record<MonitorDefinition["reference"], string> = {
  baseline: "the baseline",
  trailing: "the days before, a week at least",
  previous: "the window just before",
  last_week: "the same hours a week earlier",
};

/** What is asked, of what, and how often. */
export function QuestionFields(props: QuestionFieldsProps) {
  const { question, features, versions, segmentKeys, errorAt, onKind, onChange } = props;
  const { kind, definition } = question;
  const change = (part: Partial<MonitorDefinition>) =>
    onChange({ ...question, definition: { ...definition, ...part } });
  const isCompared = kind === "drift" || kind === "quality" || usesReference(definition.expression);
  const isSegmented = kind !== "estimated_performance";
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2">
      <legend className="mb-3 font-semibold text-base">What is asked</legend>
      <Field label="Kind" help="What should not go wrong.">
        {({ id }) => (
          <Select
            id={id}
            label="Kind"
            className="w-full"
            value={kind}
            options={monitorKinds.map((value) => ({ value, label: monitorKindNames[value] }))}
            onChange={(value) => onKind(value as MonitorKind)}
          />
        )}
      </Field>
      {definition.expression !== undefined && (
        <ExpressionField
          value={definition.expression}
          features={features}
          error={errorAt("definition.expression")}
          onChange={(expression) => change({ expression })}
        />
      )}
      {monitorStatistics[kind].length > 1 && (
        <Field
          label="Statistic"
          error={errorAt("definition.statistic")}
          help={
            definition.statistic === "verdict"
              ? "Calibrated over everything that is watched together: there is no number to choose."
              : "Held against a threshold of yours, or against what is usual."
          }
        >
          {({ id }) => (
            <Select
              id={id}
              label="Statistic"
              className="w-full"
              value={definition.statistic}
              options={monitorStatistics[kind].map((value) => ({
                value,
                label: nameQuestion(kind, value),
              }))}
              onChange={(statistic) => change(withStatistic(question, statistic))}
            />
          )}
        </Field>
      )}
      {targetsOf[kind].length > 1 && (
        <Field
          label="Of"
          error={errorAt("definition.target")}
          help="Each is a series of its own; together they are judged as one family."
        >
          {({ id }) => (
            <Select
              id={id}
              label="Of"
              className="w-full"
              value={definition.target.kind}
              options={targetsOf[kind].map((value) => ({ value, label: targetNames[value] }))}
              onChange={(value) => {
                const target = value as MonitorDefinition["target"]["kind"];
                change({
                  target:
                    target === "feature"
                      ? { kind: target, feature: features[0] ?? "" }
                      : { kind: target },
                });
              }}
            />
          )}
        </Field>
      )}
      {definition.target.kind === "feature" && (
        <Field label="Feature" error={errorAt("definition.target.feature")}>
          {({ id }) => (
            <Select
              id={id}
              label="Feature"
              className="w-full"
              value={definition.target.feature ?? ""}
              placeholder="Choose a feature"
              options={features.map((value) => ({ value, label: value }))}
              onChange={(feature) => change({ target: { kind: "feature", feature } })}
            />
          )}
        </Field>
      )}
      {isCompared && (
        <Field
          label="Compared with"
          error={errorAt("definition.reference")}
          help="Both sides count with their own noise."
        >
          {({ id }) => (
            <Select
              id={id}
              label="Compared with"
              className="w-full"
              value={definition.reference}
              options={monitorReferences.map((value) => ({ value, label: referenceNames[value] }))}
              onChange={(value) => change({ reference: value as MonitorDefinition["reference"] })}
            />
          )}
        </Field>
      )}
      <Field
        label="Version"
        error={errorAt("version")}
        help={
          kind === "volume" || kind === "freshness"
            ? "All versions count together unless one is named."
            : "Each version that sends rows is judged on its own."
        }
      >
        {({ id }) => (
          <Select
            id={id}
            label="Version"
            className="w-full"
            value={question.version ?? "*"}
            options={[
              {
                value: "*",
                label:
                  kind === "volume" || kind === "freshness" ? "all together" : "each that is seen",
              },
              ...versions.map((value) => ({ value, label: value })),
            ]}
            onChange={(value) => onChange({ ...question, version: value === "*" ? null : value })}
          />
        )}
      </Field>
      {segmentKeys.length > 0 && isSegmented && (
        <Field
          label={kind === "fairness" ? "Groups" : "Segment"}
          error={errorAt("definition.segment")}
          help={
            kind === "fairness"
              ? "The values of a sensitive tag, each compared with the reference group."
              : "All rows, or the rows of each value of a tag."
          }
        >
          {({ id }) => (
            <Select
              id={id}
              label="Segment"
              className="w-full"
              value={definition.segment?.key ?? "*"}
              options={[
                {
                  value: "*",
                  label: kind === "fairness" ? "the first sensitive tag" : "all rows",
                },
                ...segmentKeys.map((value) => ({ value, label: `each ${value}` })),
              ]}
              onChange={(value) =>
                change({ segment: value === "*" ? null : { key: value, value: null } })
              }
            />
          )}
        </Field>
      )}
      <Field
        label="Window"
        error={errorAt("definition.window")}
        help="How much is looked at each time. A longer one sees smaller changes, later."
      >
        {() => (
          <Segmented
            label="Window"
            value={definition.window}
            options={windowLengths.map((value) => ({ value, label: value }))}
            onChange={(window) => change({ window })}
          />
        )}
      </Field>
      <Field
        label="Asked every"
        error={errorAt("definition.cadence")}
        help="A window is at least as long."
      >
        {() => (
          <Segmented
            label="Asked every"
            value={definition.cadence}
            options={cadences.map((value) => ({ value, label: value }))}
            onChange={(cadence) => change({ cadence })}
          />
        )}
      </Field>
      <Field
        label="Rows needed"
        error={errorAt("definition.sampleMin")}
        help={
          kind === "performance" ? "With fewer labels it cannot say." : "With fewer it cannot say."
        }
      >
        {(control) => (
          <NumberInput
            {...control}
            value={definition.sampleMin}
            onChange={(sampleMin) => change({ sampleMin: Math.round(sampleMin) })}
          />
        )}
      </Field>
      <Field
        label="Wait after a window's end, in seconds"
        error={errorAt("definition.settleSeconds")}
        help="So that its rows, or labels, are in. Later ones are asked about again."
      >
        {(control) => (
          <NumberInput
            {...control}
            value={definition.settleSeconds}
            onChange={(settleSeconds) => change({ settleSeconds: Math.round(settleSeconds) })}
          />
        )}
      </Field>
      <Field label="Environment" error={errorAt("environment")}>
        {(control) => (
          <Input
            {...control}
            value={question.environment}
            onChange={(event) => onChange({ ...question, environment: event.target.value })}
          />
        )}
      </Field>
    </fieldset>
  );
}

/** A verdict has no threshold; anything else needs one. */
function withStatistic(
  { kind, definition }: Pick<FormQuestion, "kind" | "definition">,
  statistic: string,
): Partial<MonitorDefinition> {
  const wasVerdict = definition.threshold.kind === "verdict";
  if (statistic === "verdict") return { statistic, threshold: { kind: "verdict" } };
  const target: MonitorDefinition["target"] | undefined = targetFor(kind, statistic, definition);
  return {
    statistic,
    ...(target !== undefined && { target }),
    ...(wasVerdict && {
      threshold: firstThreshold(kind, statistic),
    }),
    ...(!wasVerdict && kind === "fairness" && { threshold: firstThreshold(kind, statistic) }),
  };
}

/** A number to begin with. */
function firstThreshold(kind: MonitorKind, statistic: string): MonitorDefinition["threshold"] {
  if (statistic.endsWith("_ratio"))
    return { kind: "fixed", direction: "below", fire: 0.8, clear: 0.85 };
  const [fire, clear] = firstBounds[kind] ?? [0.2, 0.1];
  return { kind: "fixed", direction: "above", fire, clear };
}

const firstBounds: Partial<Record<MonitorKind, readonly [number, number]>> = {
  quality: [0.05, 0.02],
  skew: [0.01, 0.005],
  fairness: [0.1, 0.05],
};

function usesReference(expression: string | undefined): boolean {
  const parsed = expression === undefined ? null : parseExpression(expression);
  return parsed?.kind === "parsed" && parsed.usesReference;
}

function targetFor(
  kind: MonitorKind,
  statistic: string,
  { target }: MonitorDefinition,
): MonitorDefinition["target"] | undefined {
  if (kind !== "freshness") return undefined;
  if (statistic === "feature_age_p95")
    return target.kind === "model" ? { kind: "features" } : undefined;
  return target.kind === "model" ? undefined : { kind: "model" };
}

export const unitOfQuestion = ({ kind, definition }: FormQuestion) =>
  unitOf(kind, definition.statistic);
