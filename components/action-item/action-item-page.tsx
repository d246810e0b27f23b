"use client";

import { useQuery } from "@tanstack/react-query";
import { Pencil, RotateCw } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import type { ActionItemDetail } from "#lib/api/action-item.ts";
import { actionItemQuery, runActionItemTest } from "#lib/api/action-item.ts";
import { actionItemStateNames } from "#lib/charts/name-action-item.ts";
import { prepareActionItemAnswer } from "#lib/charts/prepare-action-item-answer.ts";
import { actionItemStates } from "#lib/domain/action-item.ts";
import { useChange } from "../postmortem/use-postmortem.ts";
import { AsOf } from "../request/as-of.tsx";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { Button } from "../ui/button.tsx";
import { MarkdownText } from "../ui/markdown-text.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { ActionItemDialog } from "./action-item-dialog.tsx";
import { ActionItemFacts } from "./action-item-facts.tsx";
import { MoveReasonDialog } from "./move-reason-dialog.tsx";
import { TestMark } from "./test-mark.tsx";
import { useMoveItem } from "./use-move-item.ts";

const refetchMs = 30_000;
/** While its acceptance test waits for a run, which takes a few seconds. */
const testRefetchMs = 3_000;

/** One item: how far it is, who has it, whether its test passes, and what happened to it. */
export function ActionItemPage({ workspace, number }: { workspace: string; number: number }) {
  const query = useQuery({
    ...actionItemQuery(workspace, number),
    refetchInterval: ({ state }) => (state.data?.isTestDue ? testRefetchMs : refetchMs),
  });
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Action items", href: paths.actionItems(workspace) },
          { label: `A-${number}`, href: null },
        ]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        answer={query.data === undefined ? null : prepareActionItemAnswer(query.data)}
      />
      <PageBody>
        <QueryView query={query} what={`A-${number}`} skeleton={<SkeletonTable rows={5} />}>
          {(item) => <Body workspace={workspace} item={item} />}
        </QueryView>
      </PageBody>
    </>
  );
}

function Body({ workspace, item }: { workspace: string; item: ActionItemDetail }) {
  const [isEditing, setIsEditing] = useState(false);
  const move = useMoveItem(workspace);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label="State"
          value={item.state}
          options={actionItemStates.map((value) => ({ value, label: actionItemStateNames[value] }))}
          onChange={(to) => move.move({ item, to })}
        />
        <Button onClick={() => setIsEditing(true)}>
          <Pencil size={14} aria-hidden />
          Edit
        </Button>
        {move.isBusy && <span className="text-ink-2 text-sm">Working</span>}
      </div>
      {move.failure !== null && move.asked === null && (
        <p role="alert" className="text-breach text-sm">
          {move.failure}
        </p>
      )}
      <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_320px]">
        <div className="flex min-w-0 flex-col gap-8">
          {item.description !== "" && (
            <MarkdownText text={item.description} className="wrap-anywhere" />
          )}
          {item.acceptance !== null && <TestPanel workspace={workspace} item={item} />}
          <section aria-label="What happened">
            <h2 className="font-semibold text-base">What happened</h2>
            <ol className="mt-2 flex flex-col">
              {item.events.toReversed().map(({ id, text, occurredAt }) => (
                <li
                  key={id}
                  className="flex gap-4 border-b py-1.5 text-sm last:border-b-0 max-sm:flex-col max-sm:gap-0"
                >
                  <span className="w-32 shrink-0 text-ink-2 text-xs leading-5">
                    <TimeText iso={occurredAt} />
                  </span>
                  <span className="wrap-anywhere min-w-0">{text}</span>
                </li>
              ))}
            </ol>
          </section>
        </div>
        <ActionItemFacts workspace={workspace} item={item} />
      </div>
      {isEditing && (
        <ActionItemDialog
          workspace={workspace}
          item={item}
          incident={item.incident === null ? null : { number: item.incident, model: item.model }}
          onClose={() => setIsEditing(false)}
        />
      )}
      <MoveReasonDialog move={move} />
    </>
  );
}

function TestPanel({ workspace, item }: { workspace: string; item: ActionItemDetail }) {
  const running = useChange(workspace, () => runActionItemTest(workspace, item.number));
  const { acceptance, testResult } = item;
  if (acceptance === null) return null;
  const { subject, detectBy } = acceptance;
  const failure = sayFailure(running.error);
  return (
    <section aria-label="Acceptance test" className="rounded-lg border px-4 py-3">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="font-semibold text-base">Acceptance test</h2>
        <TestMark item={item} />
        <Button
          size="sm"
          className="ml-auto"
          disabled={running.isPending}
          onClick={() => running.mutate(undefined)}
        >
          <RotateCw size={14} aria-hidden />
          {running.isPending ? "Replaying" : "Run it now"}
        </Button>
      </div>
      <p className="mt-1 text-ink-2 text-sm">
        A replay of{" "}
        <Link
          href={paths.incident(workspace, acceptance.incident)}
          prefetch={false}
          className="text-accent underline"
        >
          incident #{acceptance.incident}
        </Link>{" "}
        by{" "}
        {subject.kind === "monitor" ? (
          <Link
            href={paths.monitor(workspace, subject.monitorId)}
            prefetch={false}
            className="text-accent underline"
          >
            its monitor
          </Link>
        ) : (
          "the settings that it names"
        )}{" "}
        must fire{" "}
        {detectBy.kind === "after_impact" ? (
          `within ${detectBy.minutes} min of the start of the impact`
        ) : (
          <>
            by <TimeText iso={detectBy.at} isAbsolute />
          </>
        )}
        .
      </p>
      {testResult !== null && (
        <p className="mt-2 text-sm">
          {testResult.sentence}{" "}
          <span className="text-ink-3 text-xs">
            Ran <TimeText iso={testResult.ranAt} />
            {testResult.monitorRevision !== null &&
              `, revision ${testResult.monitorRevision} of the monitor`}
          </span>
        </p>
      )}
      {failure !== null && (
        <p role="alert" className="mt-2 text-breach text-sm">
          {failure}
        </p>
      )}
    </section>
  );
}
