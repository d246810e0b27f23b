"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { memberListQuery } from "#lib/api/member.ts";
import type { Postmortem, PostmortemPatch } from "#lib/api/postmortem.ts";
import { updatePostmortem } from "#lib/api/postmortem.ts";
import { postmortemStateNames } from "#lib/charts/name-postmortem.ts";
import { SeverityMark } from "../incident/severity-mark.tsx";
import { sayFailure } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { Badge } from "../ui/badge.tsx";
import { CheckList } from "../ui/check-list.tsx";
import { Select } from "../ui/select.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { useChange } from "./use-postmortem.ts";

const nobody = "*";

/** Who writes it, who reads it before others do, what is missing, and what was published before. */
export function PostmortemFacts({
  workspace,
  postmortem,
  isReadOnly,
}: {
  workspace: string;
  postmortem: Postmortem;
  isReadOnly: boolean;
}) {
  const { incident, state, edition, owner, reviewers, blockers, editions, revision } = postmortem;
  const members = useQuery(memberListQuery(workspace));
  const change = useChange(workspace, (patch: Omit<PostmortemPatch, "revision">) =>
    updatePostmortem(workspace, incident.number, { ...patch, revision }),
  );
  const failure = sayFailure(change.error);
  const people = (members.data?.members ?? []).map(({ userId, name }) => ({
    value: userId,
    label: name,
  }));
  return (
    <aside aria-label="Facts" className="flex flex-col gap-5 text-sm print:hidden">
      <div className="rounded-lg border px-4 py-3">
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-2">
          <dt className="text-ink-3">Incident</dt>
          <dd className="flex flex-wrap items-center gap-2">
            <Link
              href={paths.incident(workspace, incident.number)}
              prefetch={false}
              className="text-accent hover:underline"
            >
              #{incident.number}
            </Link>
            <SeverityMark severity={incident.severity} />
          </dd>
          <dt className="text-ink-3">State</dt>
          <dd>
            <Badge>{postmortemStateNames[state]}</Badge>{" "}
            {edition > 1 && <span className="text-ink-3 text-xs">edition {edition}</span>}
          </dd>
          <dt className="text-ink-3">Owner</dt>
          <dd>
            {isReadOnly ? (
              (owner?.name ?? "nobody")
            ) : (
              <Select
                label="Owner"
                value={owner?.id ?? nobody}
                options={[{ value: nobody, label: "Nobody" }, ...people]}
                onChange={(value) =>
                  change.mutate({ ownerUserId: value === nobody ? null : value })
                }
              />
            )}
          </dd>
        </dl>
        <ul aria-label="Reviewers" className="mt-3 flex flex-col gap-1 border-t pt-3">
          {reviewers.map(({ userId, name, approvedAt, isCurrent }) => (
            <li key={userId} className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 truncate">{name}</span>
              <span className="text-ink-2 text-xs">{reviewWords(approvedAt, isCurrent)}</span>
            </li>
          ))}
          {reviewers.length === 0 && (
            <li className="text-ink-2">Nobody is asked to review it yet.</li>
          )}
        </ul>
        {!isReadOnly && (
          <details className="mt-2">
            <summary className="cursor-pointer text-ink-2 text-xs">Choose reviewers</summary>
            <div className="mt-2">
              <CheckList
                label="Reviewers"
                empty="Nobody is in this workspace."
                options={people}
                value={reviewers.map(({ userId }) => userId)}
                onChange={(reviewerIds) => change.mutate({ reviewerIds })}
              />
            </div>
          </details>
        )}
        {failure !== null && (
          <p role="alert" className="mt-2 text-breach">
            {failure}
          </p>
        )}
      </div>
      {!isReadOnly && blockers.length > 0 && (
        <div className="rounded-lg border px-4 py-3">
          <h2 className="font-medium">Missing to publish it</h2>
          <ul className="mt-1 flex flex-col gap-1 text-ink-2">
            {blockers.map(({ path, message }) => (
              <li key={path}>
                {path.startsWith("actionItems.")
                  ? `A-${path.slice("actionItems.".length)} ${message}`
                  : message}
              </li>
            ))}
          </ul>
        </div>
      )}
      {editions.length > 0 && (
        <div className="rounded-lg border px-4 py-3">
          <h2 className="font-medium">Published</h2>
          <ul className="mt-1 flex flex-col gap-2">
            {editions.map((one) => (
              <li key={one.edition}>
                <Link
                  href={`${paths.postmortem(workspace, incident.number)}?edition=${one.edition}`}
                  prefetch={false}
                  className="text-accent underline decoration-line-strong underline-offset-2 hover:decoration-accent"
                >
                  Edition {one.edition}
                </Link>{" "}
                <span className="text-ink-2 text-xs">
                  by {one.publishedBy} <TimeText iso={one.publishedAt} />
                </span>
                {one.withdrawnReason !== null && (
                  <span className="block text-ink-3 text-xs">
                    Taken up again by {one.withdrawnBy}: {one.withdrawnReason}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </aside>
  );
}

function reviewWords(approvedAt: string | null, isCurrent: boolean): string {
  if (approvedAt === null) return "has not approved";
  return isCurrent ? "approves" : "approved what it was before";
}
