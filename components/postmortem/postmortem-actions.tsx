"use client";

import { Download, Printer } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import type { Postmortem, PostmortemAction } from "#lib/api/postmortem.ts";
import { actOnPostmortem, exportPostmortem } from "#lib/api/postmortem.ts";
import { RequestError } from "#lib/api/request.ts";
import { ReasonDialog } from "../incident/reason-dialog.tsx";
import { sayFailure } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { downloadFile } from "../ui/download-file.ts";
import { Menu } from "../ui/menu.tsx";
import { useChange } from "./use-postmortem.ts";

/** What may be done with it as it stands. */
export function PostmortemActions({
  workspace,
  postmortem,
  userId,
}: {
  workspace: string;
  postmortem: Postmortem;
  /** Whoever looks at it. */
  userId: string | null;
}) {
  const { incident, state, reviewers, edition, isFrozen } = postmortem;
  const [isWithdrawing, setIsWithdrawing] = useState(false);
  const acting = useChange(workspace, (body: { action: PostmortemAction; reason?: string }) =>
    actOnPostmortem(workspace, incident.number, body),
  );
  const exporting = useChange(workspace, async (format: "markdown" | "json") => {
    const query = isFrozen ? { format, edition } : { format };
    const file = await exportPostmortem(workspace, incident.number, query);
    downloadFile(file.fileName, new Blob([file.content], { type: file.mediaType }));
  });
  const isReviewer = reviewers.some((one) => one.userId === userId);
  const failure = sayAll(acting.error ?? exporting.error);
  const act = (action: PostmortemAction) => acting.mutate({ action });
  const isOld = isFrozen && state !== "published";
  return (
    <div className="flex flex-col gap-2 print:hidden">
      <div className="flex flex-wrap items-center gap-2">
        {!isOld && state === "draft" && (
          <Button kind="primary" disabled={acting.isPending} onClick={() => act("submit")}>
            Hand in for review
          </Button>
        )}
        {!isOld && state === "in_review" && (
          <>
            {isReviewer && (
              <Button disabled={acting.isPending} onClick={() => act("approve")}>
                Approve
              </Button>
            )}
            <Button kind="primary" disabled={acting.isPending} onClick={() => act("publish")}>
              Publish
            </Button>
            <Button kind="quiet" disabled={acting.isPending} onClick={() => act("return")}>
              Back to draft
            </Button>
          </>
        )}
        {state === "published" && (
          <Button onClick={() => setIsWithdrawing(true)}>Take it up again</Button>
        )}
        <Link
          href={`${paths.postmortemPrint(workspace, incident.number)}${isFrozen ? `?edition=${edition}` : ""}`}
          className={buttonClass()}
        >
          <Printer size={14} aria-hidden />
          Print
        </Link>
        <Menu
          trigger={
            <Button>
              <Download size={14} aria-hidden />
              Export
            </Button>
          }
          entries={[
            { kind: "item", text: "Markdown", onSelect: () => exporting.mutate("markdown") },
            { kind: "item", text: "JSON", onSelect: () => exporting.mutate("json") },
          ]}
        />
      </div>
      {failure.length > 0 && !isWithdrawing && (
        <div role="alert" className="text-breach text-sm">
          <ul>
            {failure.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      )}
      {isWithdrawing && (
        <ReasonDialog
          title="Take it up again"
          description={`Edition ${edition} stays as it was published. A new one begins as a draft.`}
          label="Why"
          isDue
          isBusy={acting.isPending}
          failure={failure[0] ?? null}
          onClose={() => setIsWithdrawing(false)}
          onDone={(reason) =>
            acting.mutate(
              { action: "unpublish", reason },
              { onSuccess: () => setIsWithdrawing(false) },
            )
          }
        />
      )}
    </div>
  );
}

/** A refusal says all that is missing, and not the first of it. */
function sayAll(error: Error | null): string[] {
  if (error instanceof RequestError && (error.problem.errors?.length ?? 0) > 0)
    return (error.problem.errors ?? []).map(({ path, message }) => `${path}: ${message}`);
  const said = sayFailure(error);
  return said === null ? [] : [said];
}
