"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { memberListQuery } from "#lib/api/member.ts";
import type { PostmortemSection } from "#lib/api/postmortem.ts";
import { fetchSection, updateSection } from "#lib/api/postmortem.ts";
import { RequestError } from "#lib/api/request.ts";
import { postmortemLimits } from "#lib/domain/postmortem.ts";
import { lintBlame } from "#lib/rules/blame-lint.ts";
import { unknownVariables } from "#lib/rules/fill-variables.ts";
import { TextArea } from "../incident/text-area.tsx";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import type { FieldWarning } from "./blame-notes.tsx";
import { BlameNotes } from "./blame-notes.tsx";
import { ConflictPanel } from "./conflict-panel.tsx";
import { FactorFields } from "./factor-fields.tsx";
import type { SectionDraft } from "./use-section-draft.ts";

export interface SectionEditorProps {
  workspace: string;
  incident: number;
  section: PostmortemSection;
  variables: Readonly<Record<string, string>>;
  draft: SectionDraft;
  onDraft: (draft: SectionDraft | null) => void;
}

/** One section while somebody writes in it. What is typed is kept until it is saved, whatever happens to the page. */
export function SectionEditor(props: SectionEditorProps) {
  const { workspace, incident, section, variables, draft, onDraft } = props;
  const client = useQueryClient();
  const area = useRef<HTMLTextAreaElement>(null);
  const [theirs, setTheirs] = useState<PostmortemSection | null>(null);
  const members = useQuery(memberListQuery(workspace));
  const hasFactors = section.kind === "factors";
  const names = hasFactors ? (members.data?.members ?? []).map(({ name }) => name) : [];
  const saving = useMutation({
    mutationFn: (wanted: SectionDraft) =>
      updateSection(workspace, incident, section.key, {
        text: wanted.text,
        revision: wanted.revision,
        ...(hasFactors ? { factors: wanted.factors.filter(({ text }) => text.trim() !== "") } : {}),
      }),
    onSuccess: async () => {
      setTheirs(null);
      await client.invalidateQueries({ queryKey: ["postmortem", workspace] });
      onDraft(null);
    },
    onError: async (error) => {
      if (error instanceof RequestError && error.problem.status === 412)
        setTheirs(await fetchSection(workspace, incident, section.key));
    },
  });
  const unknown = unknownVariables(draft.text, variables);
  const warnings: FieldWarning[] = [
    ...lintBlame(draft.text, { names }).map((one) => ({ ...one, where: "text" })),
    ...draft.factors.flatMap(({ text }, i) =>
      lintBlame(text, { names }).map((one) => ({ ...one, where: `factor ${i + 1}` })),
    ),
  ];
  const failure = theirs === null ? sayFailure(saving.error) : null;
  const save = () => saving.mutate(draft);
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {theirs !== null && (
        <ConflictPanel
          mine={draft}
          theirs={theirs}
          onMine={() => {
            const mine = { ...draft, revision: theirs.revision };
            onDraft(mine);
            saving.mutate(mine);
          }}
          onTheirs={() => {
            onDraft(null);
            void client.invalidateQueries({ queryKey: ["postmortem", workspace] });
          }}
          onBoth={() => {
            onDraft(joinBoth(theirs, draft));
            setTheirs(null);
            saving.reset();
          }}
        />
      )}
      {hasFactors && (
        <FactorFields
          factors={draft.factors}
          onChange={(factors) => onDraft({ ...draft, factors })}
        />
      )}
      <TextArea
        ref={area}
        autoFocus
        aria-label={section.title}
        rows={Math.min(20, Math.max(4, draft.text.split("\n").length + 1))}
        maxLength={postmortemLimits.textLengthMax}
        value={draft.text}
        onChange={(event) => onDraft({ ...draft, text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
          event.preventDefault();
          save();
        }}
      />
      <BlameNotes
        warnings={warnings}
        onShow={({ where, from, until }) => {
          if (where !== "text") return;
          area.current?.focus();
          area.current?.setSelectionRange(from, until);
        }}
      />
      {unknown.length > 0 && (
        <p className="text-watch text-xs">
          Nobody knows {unknown.map((name) => `{{${name}}}`).join(", ")}: it stays as it is written.
        </p>
      )}
      {failure !== null && (
        <p role="alert" className="text-breach text-sm">
          {failure}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" kind="primary" size="sm" disabled={saving.isPending}>
          {saving.isPending ? "Saving" : "Save"}
        </Button>
        <Button kind="quiet" size="sm" onClick={() => onDraft(null)}>
          Throw away
        </Button>
        <span className="text-ink-3 text-xs max-sm:hidden">
          Kept in this browser until it is saved. {"{{impact.predictions}}"} and the like follow the
          incident until it is published.
        </span>
      </div>
    </form>
  );
}

/** Theirs, then mine: whoever put both there makes one of them. */
function joinBoth(theirs: PostmortemSection, mine: SectionDraft): SectionDraft {
  const texts = [theirs.text, mine.text].filter((text) => text.trim() !== "");
  const known = new Set(theirs.factors.map((factor) => JSON.stringify(factor)));
  return {
    text: [...new Set(texts)].join("\n\n"),
    factors: [
      ...theirs.factors,
      ...mine.factors.filter((factor) => !known.has(JSON.stringify(factor))),
    ],
    revision: theirs.revision,
  };
}
