"use client";

import type { PostmortemSection } from "#lib/api/postmortem.ts";
import { factorNames } from "#lib/charts/name-postmortem.ts";
import { Button } from "../ui/button.tsx";
import { TimeText } from "../ui/time-text.tsx";
import type { SectionDraft } from "./use-section-draft.ts";

/** Somebody else has saved this section meanwhile: what they wrote beside what was typed here, and which of both it is to be. */
export function ConflictPanel({
  mine,
  theirs,
  onMine,
  onTheirs,
  onBoth,
}: {
  mine: SectionDraft;
  theirs: PostmortemSection;
  onMine: () => void;
  onTheirs: () => void;
  onBoth: () => void;
}) {
  return (
    <div role="alert" className="rounded-md border border-watch/50 bg-watch-soft/40 p-3">
      <p className="font-medium text-sm">
        {theirs.updatedBy} saved this section <TimeText iso={theirs.updatedAt} />. Nothing of yours
        is lost.
      </p>
      <div className="mt-2 grid gap-3 md:grid-cols-2">
        <Version title="Theirs, as it is saved" text={theirs.text} factors={theirs.factors} />
        <Version title="Yours, not saved yet" text={mine.text} factors={mine.factors} />
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="sm" kind="primary" onClick={onBoth}>
          Put both in the editor
        </Button>
        <Button size="sm" onClick={onMine}>
          Keep mine
        </Button>
        <Button size="sm" onClick={onTheirs}>
          Take theirs
        </Button>
      </div>
    </div>
  );
}

function Version({
  title,
  text,
  factors,
}: { title: string } & Pick<SectionDraft, "text" | "factors">) {
  return (
    <div className="min-w-0">
      <p className="text-ink-2 text-xs">{title}</p>
      <div className="mt-1 max-h-64 overflow-y-auto whitespace-pre-wrap rounded-md border bg-page px-2.5 py-1.5 text-sm">
        {text === "" ? <span className="text-ink-3">Empty</span> : text}
        {factors.map((factor) => (
          <span key={`${factor.class}${factor.text}`} className="mt-1 block">
            <b>{factorNames[factor.class]}</b>: {factor.text}
          </span>
        ))}
      </div>
    </div>
  );
}
