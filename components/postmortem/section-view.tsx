"use client";

import { MessageSquare, Pencil } from "lucide-react";
import type { ReactNode } from "react";
import { useState } from "react";
import type { Postmortem, PostmortemSection } from "#lib/api/postmortem.ts";
import { factorNames } from "#lib/charts/name-postmortem.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { MarkdownText } from "../ui/markdown-text.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { SectionComments } from "./section-comments.tsx";
import { SectionEditor } from "./section-editor.tsx";
import { useSectionDraft } from "./use-section-draft.ts";

export interface SectionViewProps {
  workspace: string;
  postmortem: Postmortem;
  section: PostmortemSection;
  /** Nobody changes what is published. */
  isReadOnly: boolean;
  isMissing: boolean;
  /** What the section holds beside its text. */
  children?: ReactNode;
}

/** One section: read, written in, spoken about. */
export function SectionView(props: SectionViewProps) {
  const { workspace, postmortem, section, isReadOnly, isMissing, children } = props;
  const { number: incident } = postmortem.incident;
  const [draft, setDraft] = useSectionDraft(`${workspace}:${incident}:${section.key}`);
  const [isTalking, setIsTalking] = useState(false);
  const comments = postmortem.comments.filter(({ sectionKey }) => sectionKey === section.key);
  const openCount = comments.filter(({ resolvedAt }) => resolvedAt === null).length;
  const begin = () =>
    setDraft({ text: section.text, factors: section.factors, revision: section.revision });
  const isEditing = !isReadOnly && draft !== null;
  return (
    <section
      id={section.key}
      aria-label={section.title}
      className="scroll-mt-4 border-b pb-6 last:border-b-0"
    >
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-semibold text-base">{section.title}</h2>
        {isMissing && <Badge>required</Badge>}
        {isEditing && <Badge>not saved</Badge>}
        <span className="ml-auto flex items-center gap-1 print:hidden">
          {(!isReadOnly || comments.length > 0) && (
            <Button
              size="sm"
              kind="quiet"
              aria-expanded={isTalking}
              onClick={() => setIsTalking(!isTalking)}
            >
              <MessageSquare size={14} aria-hidden />
              {openCount === 0 ? "Comment" : `${openCount} open`}
            </Button>
          )}
          {!isReadOnly && !isEditing && (
            <Button size="sm" kind="quiet" aria-label={`Edit ${section.title}`} onClick={begin}>
              <Pencil size={14} aria-hidden />
              Edit
            </Button>
          )}
        </span>
      </div>
      {!isReadOnly && section.guidance !== "" && (
        <p className="mt-0.5 max-w-[80ch] text-ink-3 text-xs">{section.guidance}</p>
      )}
      <div className="mt-3 flex flex-col gap-4">
        {isEditing ? (
          <SectionEditor
            workspace={workspace}
            incident={incident}
            section={section}
            variables={postmortem.variables}
            draft={draft}
            onDraft={setDraft}
          />
        ) : (
          <SectionText section={section} isReadOnly={isReadOnly} onEdit={begin} />
        )}
        {children}
        {isTalking && (
          <SectionComments
            workspace={workspace}
            incident={incident}
            sectionKey={section.key}
            comments={comments}
            isReadOnly={isReadOnly}
          />
        )}
        {!isReadOnly && section.revision > 1 && (
          <p className="text-ink-3 text-xs">
            {section.updatedBy} wrote it <TimeText iso={section.updatedAt} />
          </p>
        )}
      </div>
    </section>
  );
}

export function SectionText({
  section: { filled, factors, kind },
  isReadOnly,
  onEdit,
}: {
  section: PostmortemSection;
  isReadOnly: boolean;
  onEdit?: () => void;
}) {
  const isEmpty = filled.trim() === "" && factors.length === 0;
  const hasOwnBody = kind === "timeline" || kind === "action_items";
  if (isEmpty && (hasOwnBody || (isReadOnly && kind !== "text"))) return null;
  if (isEmpty)
    return isReadOnly || onEdit === undefined ? (
      <p className="text-ink-3 text-sm">Nothing was written.</p>
    ) : (
      <button
        type="button"
        onClick={onEdit}
        className="rounded-md border border-dashed px-3 py-2 text-left text-ink-3 text-sm hover:border-line-strong hover:text-ink"
      >
        Nothing is written here yet. Write.
      </button>
    );
  return (
    <>
      {factors.length > 0 && (
        <ul className="flex flex-col gap-2">
          {factors.map((factor) => (
            <li
              key={`${factor.class}${factor.text}`}
              className="flex items-baseline gap-3 text-sm max-sm:flex-col max-sm:gap-0.5"
            >
              <span className="w-44 shrink-0 text-ink-2">{factorNames[factor.class]}</span>
              <span className="min-w-0 max-w-[72ch]">{factor.text}</span>
            </li>
          ))}
        </ul>
      )}
      {filled.trim() !== "" && (
        <MarkdownText text={filled} headingLevel={3} className="wrap-anywhere" />
      )}
    </>
  );
}
