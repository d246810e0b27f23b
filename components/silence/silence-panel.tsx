"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import type { SilenceDetail } from "#lib/api/silence.ts";
import { silenceQuery, updateSilence } from "#lib/api/silence.ts";
import { plural } from "#lib/charts/sentence.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

const hourMs = 3_600_000;

/** One silence: its whole story, and what it hid. */
export function SilencePanel({
  workspace,
  silenceId,
  onClose,
}: {
  workspace: string;
  silenceId: string;
  onClose: () => void;
}) {
  const query = useQuery(silenceQuery(workspace, silenceId));
  return (
    <section aria-label="The silence" className="rounded-lg border px-5 py-4">
      <QueryView query={query} what="The silence" skeleton={<SkeletonTable rows={3} />}>
        {(detail) => <SilenceStory workspace={workspace} detail={detail} onClose={onClose} />}
      </QueryView>
    </section>
  );
}

function SilenceStory({
  workspace,
  detail: { silence, hidden },
  onClose,
}: {
  workspace: string;
  detail: SilenceDetail;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const extension = useMutation({
    mutationFn: (hours: number) =>
      updateSilence(
        workspace,
        silence.id,
        new Date(Date.parse(silence.endsAt) + hours * hourMs).toISOString(),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["silence", workspace] }),
  });
  const failure = sayFailure(extension.error);
  return (
    <>
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold text-base">{silence.sentence}</h2>
          <p className="mt-1 text-ink-2 text-sm">
            {silence.reason}
            {silence.ticket !== "" && ` (${silence.ticket})`}. Made by {silence.createdBy}{" "}
            <TimeText iso={silence.createdAt} />; from{" "}
            <TimeText iso={silence.startsAt} isAbsolute /> until{" "}
            <TimeText iso={silence.overAt} isAbsolute />
            {silence.expiredBy !== null && `, ended by ${silence.expiredBy}`}
            {silence.quietMinutes !== null &&
              `; over once it hid nothing for ${silence.quietMinutes} min`}
            .
          </p>
        </div>
        {silence.state !== "ended" && (
          <Button size="sm" disabled={extension.isPending} onClick={() => extension.mutate(2)}>
            2 h longer
          </Button>
        )}
        <Button kind="quiet" size="iconSm" aria-label="Close" onClick={onClose}>
          <X size={15} aria-hidden />
        </Button>
      </div>
      {failure !== null && (
        <p role="alert" className="mt-2 text-breach text-sm">
          {failure}
        </p>
      )}
      <h3 className="mt-4 font-medium text-sm">
        {hidden.length === 0
          ? "It has hidden nothing yet."
          : `It hid ${hidden.length} ${plural(hidden.length, "alert")}`}
      </h3>
      <ul className="mt-1 flex flex-col">
        {hidden.map((one) => (
          <li
            key={one.alertId}
            className="flex flex-wrap items-baseline gap-x-3 border-b py-1.5 text-sm last:border-b-0"
          >
            <span className="min-w-0 flex-1">{one.sentence}</span>
            <span className="tabular text-ink-2 text-xs">
              <TimeText iso={one.firstHiddenAt} isAbsolute /> until{" "}
              <TimeText iso={one.lastHiddenAt} isAbsolute />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
