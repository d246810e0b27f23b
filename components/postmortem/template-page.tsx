"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { PostmortemTemplate } from "#lib/api/postmortem.ts";
import { templateQuery, updateTemplate } from "#lib/api/postmortem.ts";
import { prepareTemplateAnswer } from "#lib/charts/prepare-postmortem-answer.ts";
import type { TemplateSection } from "#lib/domain/postmortem.ts";
import { postmortemLimits, sectionKindSchema, sectionKinds } from "#lib/domain/postmortem.ts";
import { checkTemplate } from "#lib/rules/check-template.ts";
import { TextArea } from "../incident/text-area.tsx";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { useChange } from "./use-postmortem.ts";

/** By which sections a postmortem begins. */
export function TemplatePage({ workspace }: { workspace: string }) {
  const query = useQuery(templateQuery(workspace));
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        isFailed={query.isError}
        answer={query.data ? prepareTemplateAnswer(query.data) : null}
      />
      <PageBody>
        <QueryView query={query} what="The template" skeleton={<SkeletonTable rows={8} />}>
          {(template) => <TemplateForm workspace={workspace} template={template} />}
        </QueryView>
      </PageBody>
    </>
  );
}

const kindNames: Record<TemplateSection["kind"], string> = {
  text: "Text",
  impact: "Text and the figures of the impact",
  timeline: "Text and the curated timeline",
  detection: "Text and what would have fired",
  factors: "Contributing factors",
  action_items: "Text and the action items",
};

interface Draft {
  sections: TemplateSection[];
  version: number;
}

function TemplateForm({
  workspace,
  template,
}: {
  workspace: string;
  template: PostmortemTemplate;
}) {
  const [draft, setDraft] = useState<Draft | null>(null);
  const saving = useChange(workspace, (next: Draft) => updateTemplate(workspace, next));
  const shown = draft ?? { sections: template.sections, version: template.version };
  const { sections } = shown;
  const set = (next: TemplateSection[]) => setDraft({ ...shown, sections: next });
  const put = (index: number, change: Partial<TemplateSection>) =>
    set(sections.map((section, i) => (i === index ? { ...section, ...change } : section)));
  const wrong = checkTemplate(sections);
  const failure = sayFailure(saving.error);
  const hasEmpty = sections.some(({ title }) => title.trim() === "");
  return (
    <form
      className="flex max-w-[880px] flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong.length === 0 && !hasEmpty)
          saving.mutate(shown, { onSuccess: () => setDraft(null) });
      }}
    >
      <ol className="flex flex-col gap-3">
        {sections.map((section, index) => (
          <li
            key={section.key}
            aria-label={section.title}
            className="grid gap-3 rounded-lg border px-4 py-3 sm:grid-cols-[minmax(0,1fr)_220px_auto]"
          >
            <Field
              label="Title"
              error={wrong.find(({ path }) => path === `sections.${index}.key`)?.message ?? null}
            >
              {(control) => (
                <Input
                  {...control}
                  value={section.title}
                  maxLength={postmortemLimits.titleLengthMax}
                  onChange={(event) => put(index, { title: event.target.value })}
                />
              )}
            </Field>
            <Field
              label="Holds"
              error={wrong.find(({ path }) => path === `sections.${index}.kind`)?.message ?? null}
            >
              {({ id }) => (
                <Select
                  id={id}
                  label="Holds"
                  className="w-full"
                  value={section.kind}
                  options={sectionKinds.map((value) => ({ value, label: kindNames[value] }))}
                  onChange={(value) => put(index, { kind: sectionKindSchema.parse(value) })}
                />
              )}
            </Field>
            <span className="flex items-end gap-1">
              <Button
                kind="quiet"
                size="iconSm"
                aria-label={`Move ${section.title} up`}
                disabled={index === 0}
                onClick={() => set(swap(sections, index, index - 1))}
              >
                <ArrowUp size={14} aria-hidden />
              </Button>
              <Button
                kind="quiet"
                size="iconSm"
                aria-label={`Move ${section.title} down`}
                disabled={index === sections.length - 1}
                onClick={() => set(swap(sections, index, index + 1))}
              >
                <ArrowDown size={14} aria-hidden />
              </Button>
              <Button
                kind="quiet"
                size="iconSm"
                aria-label={`Leave out ${section.title}`}
                disabled={sections.length === 1}
                onClick={() => set(sections.filter((_, i) => i !== index))}
              >
                <Trash2 size={14} aria-hidden />
              </Button>
            </span>
            <Field label="Guidance" className="sm:col-span-2">
              {(control) => (
                <TextArea
                  {...control}
                  rows={2}
                  value={section.guidance}
                  maxLength={postmortemLimits.guidanceLengthMax}
                  onChange={(event) => put(index, { guidance: event.target.value })}
                />
              )}
            </Field>
            <label className="flex items-center gap-2 self-end pb-1.5 text-sm">
              <input
                type="checkbox"
                className="size-4 accent-accent-fill"
                checked={section.isRequired}
                onChange={(event) => put(index, { isRequired: event.target.checked })}
              />
              Required
            </label>
          </li>
        ))}
      </ol>
      {sections.length < postmortemLimits.sectionsMax && (
        <Button
          kind="quiet"
          className="self-start"
          onClick={() =>
            set([
              ...sections,
              {
                key: freeKey(sections),
                title: "",
                guidance: "",
                kind: "text",
                isRequired: false,
              },
            ])
          }
        >
          <Plus size={14} aria-hidden />
          Add a section
        </Button>
      )}
      {failure !== null && (
        <p role="alert" className="text-breach text-sm">
          {failure}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          type="submit"
          kind="primary"
          disabled={draft === null || wrong.length > 0 || hasEmpty || saving.isPending}
        >
          Save as version {shown.version + 1}
        </Button>
        {draft !== null && (
          <Button kind="quiet" onClick={() => setDraft(null)}>
            Throw the changes away
          </Button>
        )}
      </div>
    </form>
  );
}

function swap(sections: readonly TemplateSection[], a: number, b: number): TemplateSection[] {
  const next = [...sections];
  const [first, second] = [next[a], next[b]];
  if (first === undefined || second === undefined) return next;
  next[a] = second;
  next[b] = first;
  return next;
}

/** A key names a section for good, whatever it is called. */
function freeKey(sections: readonly TemplateSection[]): string {
  const taken = new Set(sections.map(({ key }) => key));
  let number = sections.length + 1;
  while (taken.has(`section_${number}`)) number += 1;
  return `section_${number}`;
}
