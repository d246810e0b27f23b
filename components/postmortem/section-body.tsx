"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import type { Postmortem } from "#lib/api/postmortem.ts";
import type { SectionKind } from "#lib/domain/postmortem.ts";
import { ActionItemDialog } from "../action-item/action-item-dialog.tsx";
import { Button } from "../ui/button.tsx";
import { DetectionPanel } from "./detection-panel.tsx";
import { ImpactFigures } from "./impact-figures.tsx";
import { ItemsTable } from "./items-table.tsx";
import { TimelinePanel } from "./timeline-panel.tsx";

/** What a section holds beside its text. */
export function SectionBody({
  workspace,
  postmortem,
  kind,
  isReadOnly,
}: {
  workspace: string;
  postmortem: Postmortem;
  kind: SectionKind;
  isReadOnly: boolean;
}) {
  switch (kind) {
    case "text":
    case "factors":
      return null;
    case "impact":
      return <ImpactFigures impact={postmortem.impact} />;
    case "timeline":
      return (
        <TimelinePanel workspace={workspace} postmortem={postmortem} isReadOnly={isReadOnly} />
      );
    case "detection":
      return (
        <DetectionPanel workspace={workspace} postmortem={postmortem} isReadOnly={isReadOnly} />
      );
    case "action_items":
      return <ItemsPanel workspace={workspace} postmortem={postmortem} isReadOnly={isReadOnly} />;
  }
}

function ItemsPanel({
  workspace,
  postmortem: { incident, items },
  isReadOnly,
}: {
  workspace: string;
  postmortem: Postmortem;
  isReadOnly: boolean;
}) {
  const [isAdding, setIsAdding] = useState(false);
  return (
    <div className="flex flex-col gap-2">
      <ItemsTable workspace={workspace} items={items} />
      {!isReadOnly && (
        <Button
          size="sm"
          kind="quiet"
          className="self-start print:hidden"
          onClick={() => setIsAdding(true)}
        >
          <Plus size={14} aria-hidden />
          Add an action item
        </Button>
      )}
      {isAdding && (
        <ActionItemDialog
          workspace={workspace}
          item={null}
          incident={{ number: incident.number, model: incident.model }}
          onClose={() => setIsAdding(false)}
        />
      )}
    </div>
  );
}
