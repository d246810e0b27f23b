"use client";

import { Check, Megaphone } from "lucide-react";
import { useState } from "react";
import type { Incident } from "#lib/api/incident.ts";
import { isOpenIncident } from "#lib/domain/incident.ts";
import { sayFailure } from "../request/query-view.tsx";
import { clearDraft } from "../timeline/use-draft.ts";
import { Button } from "../ui/button.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { Menu } from "../ui/menu.tsx";
import { useKeys } from "../ui/use-keys.ts";
import { CloseDialog } from "./close-dialog.tsx";
import { MergeDialog } from "./merge-dialog.tsx";
import { ReasonDialog } from "./reason-dialog.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import { SplitDialog } from "./split-dialog.tsx";
import { isStale, StaleNotice } from "./stale-notice.tsx";
import { StatusUpdateDialog, updateDraft } from "./status-update-dialog.tsx";
import { useChangeIncident } from "./use-incident.ts";

type Asked =
  | "resolve"
  | "reopen"
  | "mitigate"
  | "unacknowledge"
  | "close"
  | "merge"
  | "split"
  | "say"
  | "rename";

/** What can be done now, the most likely first; on a phone it stays above the thumb. */
export function IncidentActions({
  workspace,
  incident,
}: {
  workspace: string;
  incident: Incident;
}) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const change = useChangeIncident(workspace, incident.number, () => {
    if (asked === "say") clearDraft(updateDraft(workspace, incident.number));
    setAsked(null);
  });
  const { state } = incident;
  const acknowledge = () => change.mutate({ kind: "act", request: { action: "acknowledge" } });
  useKeys((key) => {
    if (key === "a" && state === "triggered" && !change.isPending) acknowledge();
  });
  const failure = sayFailure(change.error);
  const isOpen = isOpenIncident(state);
  const more: { text: string; ask: Asked }[] = [
    ...(state === "acknowledged" ? [{ text: "Give it back", ask: "unacknowledge" as const }] : []),
    ...(isOpen && state !== "mitigated"
      ? [{ text: "Mark mitigated", ask: "mitigate" as const }]
      : []),
    ...(isOpen || state === "resolved"
      ? [{ text: "Merge into another", ask: "merge" as const }]
      : []),
    ...(isOpen && incident.alertCount > 1
      ? [{ text: "Split alerts off", ask: "split" as const }]
      : []),
    ...(state === "merged" ? [] : [{ text: "Rename", ask: "rename" as const }]),
  ];
  const close = () => {
    change.reset();
    setAsked(null);
  };
  const dialog = {
    onClose: close,
    isBusy: change.isPending,
    failure: asked === null ? null : failure,
  };
  return (
    <section
      aria-label="What to do"
      className="max-sm:sticky max-sm:bottom-14 max-sm:z-20 max-sm:-mx-4 max-sm:order-last max-sm:border-t max-sm:bg-page max-sm:px-4 max-sm:py-2.5"
    >
      <div className="flex flex-wrap items-center gap-2">
        {state === "triggered" && (
          <Button
            kind="primary"
            className="max-sm:h-11 max-sm:flex-1 max-sm:justify-center"
            disabled={change.isPending}
            onClick={acknowledge}
          >
            <Check size={15} aria-hidden />
            Acknowledge
            <span className="max-sm:hidden">
              <Kbd>a</Kbd>
            </span>
          </Button>
        )}
        {isOpen && (
          <Button
            kind={state === "triggered" ? "plain" : "primary"}
            className="max-sm:h-11 max-sm:flex-1 max-sm:justify-center"
            onClick={() => setAsked("resolve")}
          >
            Resolve
          </Button>
        )}
        {state === "resolved" && (
          <>
            <Button
              kind="primary"
              className="max-sm:h-11 max-sm:flex-1 max-sm:justify-center"
              onClick={() => setAsked("close")}
            >
              Close with a verdict
            </Button>
            <Button className="max-sm:h-11" onClick={() => setAsked("reopen")}>
              Reopen
            </Button>
          </>
        )}
        {isOpen && (
          <Button className="max-sm:h-11" onClick={() => setAsked("say")}>
            <Megaphone size={15} aria-hidden />
            <span className="max-sm:sr-only">Status update</span>
          </Button>
        )}
        {more.length > 0 && (
          <Menu
            align="start"
            trigger={<Button className="max-sm:h-11">More</Button>}
            entries={more.map(({ text, ask }) => ({
              kind: "item" as const,
              text,
              onSelect: () => setAsked(ask),
            }))}
          />
        )}
        {!isOpen && state !== "resolved" && (
          <p className="text-ink-2 text-sm">
            Nothing is left to do here; notes can still be added.
          </p>
        )}
      </div>
      {failure !== null && asked === null && (
        <p role="alert" className="mt-2 text-breach text-sm">
          {failure}
        </p>
      )}
      {asked === "close" && (
        <CloseDialog
          {...dialog}
          onDone={(verdict, reason) =>
            change.mutate({
              kind: "act",
              request: { action: "close", verdict, ...(reason === "" ? {} : { reason }) },
            })
          }
        />
      )}
      {asked === "merge" && (
        <MergeDialog
          {...dialog}
          workspace={workspace}
          number={incident.number}
          onDone={(into) => change.mutate({ kind: "act", request: { action: "merge", into } })}
        />
      )}
      {asked === "split" && (
        <SplitDialog
          {...dialog}
          incident={incident}
          onDone={(alertIds, title) =>
            change.mutate({
              kind: "act",
              request: { action: "split", alertIds, ...(title === "" ? {} : { title }) },
            })
          }
        />
      )}
      {asked === "say" && (
        <StatusUpdateDialog
          {...dialog}
          workspace={workspace}
          incident={incident}
          onDone={(update) => change.mutate({ kind: "say", update })}
        />
      )}
      {asked === "rename" && (
        <RenameDialog
          {...dialog}
          failure={isStale(change.error) ? null : dialog.failure}
          title={incident.title}
          revision={incident.revision}
          onDone={(patch) => change.mutate({ kind: "update", patch })}
        />
      )}
      <StaleNotice workspace={workspace} incident={incident} change={change} />
      {isReasoned(asked) && (
        <ReasonDialog
          {...dialog}
          {...words[asked]}
          onDone={(reason) => {
            const isDue = asked === "resolve" || asked === "reopen";
            const request = isDue
              ? { action: asked, reason }
              : { action: asked, ...(reason === "" ? {} : { reason }) };
            change.mutate({ kind: "act", request });
          }}
        />
      )}
    </section>
  );
}

type Reasoned = keyof typeof words;
const isReasoned = (asked: Asked | null): asked is Reasoned => asked !== null && asked in words;

const words = {
  resolve: {
    title: "Resolve",
    description: "Its alerts end with it. What goes on firing after this moment opens it again.",
    label: "What fixed it",
    isDue: true,
  },
  reopen: {
    title: "Reopen",
    description: "It stays open until a person resolves it again.",
    label: "Why",
    isDue: true,
  },
  mitigate: {
    title: "Mark mitigated",
    description: "People no longer feel it, though the cause may still be there.",
    label: "What was done",
    isDue: false,
  },
  unacknowledge: {
    title: "Give it back",
    description: "Nobody holds it then, and it is said again to whom it was told.",
    label: "Why",
    isDue: false,
  },
} as const;
