import Link from "next/link";
import type { PostmortemContent } from "#lib/api/postmortem.ts";
import {
  actionItemKindNames,
  actionItemStateNames,
  priorityNames,
  testVerdictNames,
} from "#lib/charts/name-action-item.ts";
import { paths } from "../shell/paths.ts";
import { Badge } from "../ui/badge.tsx";

/** What follows from it, by whom and until when. */
export function ItemsTable({
  workspace,
  items,
}: {
  workspace: string;
  items: PostmortemContent["items"];
}) {
  if (items.length === 0) return null;
  return (
    <ul aria-label="Action items" className="flex flex-col rounded-lg border">
      {items.map((item) => (
        <li
          key={item.number}
          className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-b px-3 py-2 text-sm last:border-b-0"
        >
          <Link
            href={paths.actionItem(workspace, item.number)}
            prefetch={false}
            className="min-w-0 flex-1 basis-60 font-medium hover:text-accent hover:underline"
          >
            <span className="tabular text-ink-3">A-{item.number}</span> {item.title}
          </Link>
          <span className="text-ink-2 text-xs">
            {actionItemKindNames[item.kind]}, {priorityNames[item.priority]}
          </span>
          <span className={item.owner === null ? "text-breach text-xs" : "text-ink-2 text-xs"}>
            {item.owner ?? "no owner"}
          </span>
          {item.dueOn !== null && (
            <span className="tabular text-ink-2 text-xs">due {item.dueOn}</span>
          )}
          <Badge>{actionItemStateNames[item.state]}</Badge>
          {item.testResult !== null && <Badge>{testVerdictNames[item.testResult.verdict]}</Badge>}
        </li>
      ))}
    </ul>
  );
}
