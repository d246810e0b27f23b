"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { ActionItem, ActionItemFilter } from "#lib/api/action-item.ts";
import { actionItemListQuery } from "#lib/api/action-item.ts";
import { actionItemKindNames } from "#lib/charts/name-action-item.ts";
import { prepareActionItemsAnswer } from "#lib/charts/prepare-action-item-answer.ts";
import { actionItemKindSchema, actionItemKinds } from "#lib/domain/action-item.ts";
import { PostmortemTabs } from "../postmortem/postmortem-tabs.tsx";
import { AsOf } from "../request/as-of.tsx";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { SearchInput } from "../shell/search-input.tsx";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { ActionItemBoard } from "./action-item-board.tsx";
import { ActionItemDialog } from "./action-item-dialog.tsx";
import { ActionItemTable } from "./action-item-table.tsx";
import { OverdueReport } from "./overdue-report.tsx";

const refetchMs = 30_000;

const shows = [
  { value: "active", label: "Open" },
  { value: "overdue", label: "Overdue" },
  { value: "me", label: "Mine" },
  { value: "nobody", label: "Nobody's" },
  { value: "all", label: "All" },
] as const;
type Show = (typeof shows)[number]["value"];

const filterOf = (show: Show): ActionItemFilter => {
  switch (show) {
    case "active":
      return { state: "active" };
    case "overdue":
      return { overdue: "true" };
    case "me":
    case "nobody":
      return { state: "active", owner: show };
    case "all":
      return {};
  }
};

/** What is left to be done, so that it does not happen again? */
export function ActionItemsPage({ workspace }: { workspace: string }) {
  const { get, set } = useUrlState();
  const isBoard = get("view") === "board";
  const show = shows.find(({ value }) => value === get("show"))?.value ?? "active";
  const kind = actionItemKinds.find((each) => each === get("kind"));
  // A board without its last columns would not be one.
  const filter = isBoard && show === "active" ? {} : filterOf(show);
  const query = useQuery({
    ...actionItemListQuery(workspace, { ...filter, ...(kind === undefined ? {} : { kind }) }),
    refetchInterval: refetchMs,
  });
  const [isAdding, setIsAdding] = useState(false);
  const search = (get("q") ?? "").toLowerCase();
  const matches = ({ title, number, owner }: ActionItem) =>
    `a-${number} ${title} ${owner?.name ?? ""}`.toLowerCase().includes(search);
  const controls = (
    <>
      <SearchInput label="Find an item" />
      <Select
        label="Kind"
        value={kind ?? ""}
        placeholder="All kinds"
        options={[
          { value: "", label: "All kinds" },
          ...actionItemKinds.map((value) => ({ value, label: actionItemKindNames[value] })),
        ]}
        onChange={(value) =>
          set({ kind: value === "" ? null : actionItemKindSchema.parse(value) }, "replace")
        }
      />
      <Segmented
        label="Show"
        value={show}
        options={shows}
        onChange={(value) => set({ show: value === "active" ? null : value }, "replace")}
      />
    </>
  );
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Action items", href: null }]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        answer={query.data ? prepareActionItemsAnswer(query.data) : null}
        tabs={<PostmortemTabs workspace={workspace} />}
        controls={
          <>
            <Segmented
              label="View"
              value={isBoard ? "board" : "table"}
              options={[
                { value: "table", label: "Table" },
                { value: "board", label: "Board" },
              ]}
              onChange={(value) => set({ view: value === "board" ? "board" : null })}
            />
            <Button kind="primary" onClick={() => setIsAdding(true)}>
              <Plus size={14} aria-hidden />
              Add an item
            </Button>
          </>
        }
      />
      <PageBody>
        <QueryView query={query} what="The action items" skeleton={<SkeletonTable rows={6} />}>
          {({ items, owners, counts }) => {
            if (counts.open + counts.done === 0 && items.length === 0 && show === "active")
              return (
                <EmptyState
                  title="Nothing has been written down"
                  action={<Button onClick={() => setIsAdding(true)}>Add an item</Button>}
                >
                  Most come from postmortems: what would have found an incident sooner, kept it from
                  happening, or made it shorter. One can carry a test, and opens again if its test
                  is lost.
                </EmptyState>
              );
            const shown = items.filter(matches);
            return (
              <>
                {isBoard ? (
                  <div className="flex flex-col gap-4">
                    <div className="flex flex-wrap items-center gap-2">{controls}</div>
                    <ActionItemBoard workspace={workspace} items={shown} />
                  </div>
                ) : (
                  <ActionItemTable workspace={workspace} items={shown} toolbar={controls} />
                )}
                <OverdueReport owners={owners} />
              </>
            );
          }}
        </QueryView>
      </PageBody>
      {isAdding && (
        <ActionItemDialog
          workspace={workspace}
          item={null}
          incident={null}
          onClose={() => setIsAdding(false)}
        />
      )}
    </>
  );
}
