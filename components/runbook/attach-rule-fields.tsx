"use client";

import { useQuery } from "@tanstack/react-query";
import { modelListQuery } from "#lib/api/model.ts";
import { causeClasses, causeClassSchema, seriesSubjects } from "#lib/domain/monitor.ts";
import type { AttachRule } from "#lib/domain/runbook.ts";
import { causeNames } from "#lib/rules/describe-incident.ts";
import { sayAttachRule } from "#lib/rules/match-runbook.ts";
import { CheckList } from "../ui/check-list.tsx";
import { Segmented } from "../ui/segmented.tsx";

const tiers = [1, 2, 3, 4, 5] as const;

/** Which incidents are given this runbook when they open. */
export function AttachRuleFields({
  workspace,
  rule,
  isEnabled,
  onChange,
  onEnable,
}: {
  workspace: string;
  rule: AttachRule;
  isEnabled: boolean;
  onChange: (rule: AttachRule) => void;
  onEnable: (isEnabled: boolean) => void;
}) {
  const models = useQuery(modelListQuery(workspace));
  const known = (models.data?.models ?? []).map(({ name }) => name);
  // A model that is named and not there any more can still be taken out.
  const names = [...new Set([...rule.models, ...known])];
  return (
    <fieldset className="flex flex-col gap-3 rounded-lg border px-4 py-3">
      <legend className="px-1 font-semibold text-base">Attached to</legend>
      <p className="text-ink-2 text-sm">
        All that is chosen must hold. Now: {isEnabled ? sayAttachRule(rule) : "switched off"}.
      </p>
      <label className="flex items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-accent-fill"
          checked={isEnabled}
          onChange={(event) => onEnable(event.target.checked)}
        />
        Attach it by itself when an incident opens
      </label>
      <div className="grid gap-4 sm:grid-cols-2">
        <CheckList
          label="Cause"
          empty=""
          options={causeClasses.map((value) => ({ value, label: causeNames[value] }))}
          value={rule.causeClasses}
          onChange={(value) =>
            onChange({ ...rule, causeClasses: value.map((one) => causeClassSchema.parse(one)) })
          }
        />
        <CheckList
          label="Model"
          empty="No model has sent anything yet."
          options={names.map((value) => ({ value, label: value }))}
          value={rule.models}
          onChange={(value) => onChange({ ...rule, models: value })}
        />
        <CheckList
          label="About"
          empty=""
          options={seriesSubjects.map((value) => ({ value, label: subjectNames[value] }))}
          value={rule.subjects}
          onChange={(value) =>
            onChange({ ...rule, subjects: seriesSubjects.filter((one) => value.includes(one)) })
          }
        />
        <CheckList
          label="Tier of the model"
          empty=""
          options={tiers.map((tier) => ({ value: String(tier), label: `tier ${tier}` }))}
          value={rule.tiers.map(String)}
          onChange={(value) => onChange({ ...rule, tiers: value.map(Number).toSorted() })}
        />
      </div>
      <Segmented
        label="Segment"
        value={rule.segment}
        options={[
          { value: "any", label: "Any" },
          { value: "one", label: "Of one segment" },
          { value: "none", label: "Of all rows" },
        ]}
        onChange={(segment) => onChange({ ...rule, segment })}
      />
    </fieldset>
  );
}

const subjectNames = {
  model: "the whole model",
  feature: "a feature",
  prediction: "the prediction",
  label: "the label",
} as const;
