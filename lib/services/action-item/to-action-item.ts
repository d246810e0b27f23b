import type { ActionItemRow, NamedActionItem } from "#db/postgres/queries/action-item.ts";
import type { ActionItem } from "#lib/api/action-item.ts";
import { isOpenItem } from "#lib/domain/action-item.ts";
import { isOverdue, sayDue } from "#lib/rules/remind-item.ts";
import { toIso } from "../incident/to-incident.ts";

export interface ItemClock {
  zone: string;
  now: Date;
}

export function toActionItem(
  { item, userName, teamName, incidentNumber, modelName, postmortemTitle }: NamedActionItem,
  { zone, now }: ItemClock,
): ActionItem {
  const isOpen = isOpenItem(item.state);
  return {
    number: item.number,
    title: item.title,
    description: item.description,
    kind: item.kind,
    priority: item.priority,
    state: item.state,
    stateReason: item.stateReason,
    owner: ownerOf(item, userName, teamName),
    dueOn: item.dueOn,
    isOverdue: isOpen && isOverdue(item.dueOn, zone, now),
    due: item.dueOn === null || !isOpen ? null : sayDue(item.dueOn, zone, now),
    trackerUrl: item.trackerUrl,
    incident: incidentNumber,
    model: modelName,
    postmortem:
      postmortemTitle === null || incidentNumber === null
        ? null
        : { incident: incidentNumber, title: postmortemTitle },
    acceptance: item.acceptance,
    testResult: item.testResult,
    isTestDue: item.testDueAt !== null,
    remindAt: toIso(item.remindAt),
    revision: item.revision,
    createdBy: item.createdBy,
    createdAt: item.createdAt.toISOString(),
    updatedAt: item.updatedAt.toISOString(),
    doneAt: toIso(item.doneAt),
  };
}

/** Of a team that is gone, or of somebody who left, nothing is told: it is nobody's. */
function ownerOf(item: ActionItemRow, userName: string | null, teamName: string | null) {
  if (item.ownerUserId !== null && userName !== null)
    return { kind: "user" as const, id: item.ownerUserId, name: userName };
  if (item.ownerTeamId !== null && teamName !== null)
    return { kind: "team" as const, id: item.ownerTeamId, name: teamName };
  return null;
}
