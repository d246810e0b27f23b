"use client";

import { useQuery } from "@tanstack/react-query";
import { FileUp, Plus } from "lucide-react";
import { useState } from "react";
import { sloListQuery } from "#lib/api/slo.ts";
import { prepareSlosAnswer } from "#lib/charts/prepare-slo-answer.ts";
import { AsOf } from "../request/as-of.tsx";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { ImportDialog } from "./import-dialog.tsx";
import { SloDialog } from "./slo-dialog.tsx";
import { SloTable } from "./slo-table.tsx";

const refetchMs = 15_000;

/** How much budget is left? */
export function SlosPage({ workspace }: { workspace: string }) {
  const query = useQuery({ ...sloListQuery(workspace), refetchInterval: refetchMs });
  const [isCreating, setIsCreating] = useState(false);
  const [isImporting, setIsImporting] = useState(false);
  return (
    <>
      <PageHeader
        crumbs={[{ label: "SLOs", href: null }]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        answer={query.data ? prepareSlosAnswer(query.data.slos) : null}
        controls={
          <>
            <Button onClick={() => setIsImporting(true)}>
              <FileUp size={14} aria-hidden />
              Import OpenSLO
            </Button>
            <Button kind="primary" onClick={() => setIsCreating(true)}>
              <Plus size={14} aria-hidden />
              Set an objective
            </Button>
          </>
        }
      />
      <PageBody>
        <QueryView query={query} what="The objectives" skeleton={<SkeletonTable rows={6} />}>
          {({ slos }) =>
            slos.length === 0 ? (
              <EmptyState
                title="No objective is set"
                action={
                  <Button kind="primary" onClick={() => setIsCreating(true)}>
                    Set the first objective
                  </Button>
                }
              >
                Say how often a model must be fresh, fast or right enough. What may be bad is its
                error budget; whoever is on call is paged when it burns too fast. History that is
                stored is measured at once.
              </EmptyState>
            ) : (
              <SloTable workspace={workspace} slos={slos} />
            )
          }
        </QueryView>
      </PageBody>
      <SloDialog
        workspace={workspace}
        slo={null}
        isOpen={isCreating}
        onOpenChange={setIsCreating}
      />
      <ImportDialog workspace={workspace} isOpen={isImporting} onOpenChange={setIsImporting} />
    </>
  );
}
