import type { ActionItemState } from "#lib/domain/action-item.ts";
import type { Factor, SectionKind } from "#lib/domain/postmortem.ts";
import type { Blocker } from "./step-postmortem.ts";

export interface BlockedSection {
  key: string;
  title: string;
  kind: SectionKind;
  isRequired: boolean;
  text: string;
  factors: readonly Factor[];
}

export interface BlockedItem {
  number: number;
  state: ActionItemState;
  hasOwner: boolean;
}

/** Everything that keeps a postmortem from being published: a required section without content, an action item without an owner. */
export function findPublishBlockers({
  sections,
  includedEntryCount,
  items,
}: {
  sections: readonly BlockedSection[];
  includedEntryCount: number;
  items: readonly BlockedItem[];
}): Blocker[] {
  const empty = sections.filter(
    (section) => section.isRequired && !isWritten(section, includedEntryCount, items.length),
  );
  return [
    ...empty.map(({ key, title, kind }) => ({
      path: `sections.${key}`,
      message: `"${title}" is required and ${emptyWords[kind]}`,
    })),
    ...items
      .filter(({ hasOwner }) => !hasOwner)
      .map(({ number }) => ({ path: `actionItems.${number}`, message: "has no owner" })),
  ];
}

const emptyWords: Record<SectionKind, string> = {
  text: "empty",
  impact: "empty",
  detection: "empty",
  timeline: "has no entry",
  factors: "names no factor",
  action_items: "has neither an item nor words on why there is none",
};

function isWritten(
  { kind, text, factors }: Pick<BlockedSection, "kind" | "text" | "factors">,
  includedEntryCount: number,
  itemCount: number,
): boolean {
  const hasText = text.trim() !== "";
  switch (kind) {
    case "text":
    case "impact":
    case "detection":
      return hasText;
    case "timeline":
      return includedEntryCount > 0;
    case "factors":
      return factors.length > 0;
    case "action_items":
      return itemCount > 0 || hasText;
  }
}
