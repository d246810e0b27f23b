import Link from "next/link";
import type { ActionItemDetail } from "#lib/api/action-item.ts";
import { actionItemKindNames, priorityNames } from "#lib/charts/name-action-item.ts";
import { paths } from "../shell/paths.ts";
import { TimeText } from "../ui/time-text.tsx";
import { DueText } from "./due-text.tsx";

const linkClass = "text-accent hover:underline";

export function ActionItemFacts({
  workspace,
  item,
}: {
  workspace: string;
  item: ActionItemDetail;
}) {
  return (
    <aside aria-label="Facts" className="self-start rounded-lg border px-4 py-3">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-4 gap-y-2 text-sm">
        <dt className="text-ink-3">Owner</dt>
        <dd className={item.owner === null ? "text-breach" : ""}>{item.owner?.name ?? "nobody"}</dd>
        <dt className="text-ink-3">Due</dt>
        <dd>
          {item.dueOn ?? <span className="text-ink-3">no day</span>} <DueText item={item} />
        </dd>
        <dt className="text-ink-3">Kind</dt>
        <dd>
          {actionItemKindNames[item.kind]}, {priorityNames[item.priority]}
        </dd>
        {item.incident !== null && (
          <>
            <dt className="text-ink-3">Incident</dt>
            <dd>
              <Link
                href={paths.incident(workspace, item.incident)}
                prefetch={false}
                className={linkClass}
              >
                #{item.incident}
              </Link>
            </dd>
          </>
        )}
        {item.postmortem !== null && (
          <>
            <dt className="text-ink-3">Postmortem</dt>
            <dd>
              <Link
                href={paths.postmortem(workspace, item.postmortem.incident)}
                prefetch={false}
                className={linkClass}
              >
                {item.postmortem.title}
              </Link>
            </dd>
          </>
        )}
        {item.trackerUrl !== "" && (
          <>
            <dt className="text-ink-3">Tracker</dt>
            <dd className="wrap-anywhere">
              <a href={item.trackerUrl} target="_blank" rel="noreferrer" className={linkClass}>
                {item.trackerUrl}
              </a>
            </dd>
          </>
        )}
        <dt className="text-ink-3">Written by</dt>
        <dd>
          {item.createdBy} <TimeText iso={item.createdAt} />
        </dd>
        {item.remindAt !== null && (
          <>
            <dt className="text-ink-3">Reminder</dt>
            <dd>
              <TimeText iso={item.remindAt} />
            </dd>
          </>
        )}
      </dl>
    </aside>
  );
}
