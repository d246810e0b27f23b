"use client";

import { useQuery } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useState } from "react";
import { baselineListQuery } from "#lib/api/baseline.ts";
import { prepareBaselineAnswer } from "#lib/charts/prepare-baseline-answer.ts";
import { ModelHeader } from "../model/model-header.tsx";
import { QueryView } from "../request/query-view.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { Button } from "../ui/button.tsx";
import { CodeBlock } from "../ui/code-block.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { BaselineTable } from "./baseline-table.tsx";
import { UploadDialog } from "./upload-dialog.tsx";

const refetchMs = 5_000;

export function BaselinesPage({ workspace, model }: { workspace: string; model: string }) {
  const [isUploading, setIsUploading] = useState(false);
  const query = useQuery({
    ...baselineListQuery(workspace, model),
    refetchInterval: ({ state }) =>
      state.data?.baselines.some((each) => each.state === "uploading" || each.state === "profiling")
        ? refetchMs
        : false,
  });
  const upload = (
    <Button kind="primary" onClick={() => setIsUploading(true)}>
      <Upload size={14} aria-hidden />
      Upload a baseline
    </Button>
  );
  return (
    <>
      <ModelHeader
        workspace={workspace}
        model={model}
        query={query}
        hasScope={false}
        answer={query.data ? prepareBaselineAnswer(model, query.data.baselines) : null}
        controls={upload}
      />
      <PageBody>
        <QueryView
          query={query}
          what={`The baselines of ${model}`}
          skeleton={<SkeletonTable rows={3} />}
        >
          {({ baselines }) =>
            baselines.length === 0 ? (
              <EmptyState title="No baseline was uploaded yet" action={upload}>
                <p>
                  A baseline is the rows that a version was trained on. Every column that is not
                  named as the prediction, the label, a time or an id is taken for a feature. From a
                  terminal:
                </p>
                <div className="mt-3">
                  <CodeBlock
                    label="Terminal"
                    code={`plumbline baseline upload training.parquet --model ${model} --version 1`}
                  />
                </div>
              </EmptyState>
            ) : (
              <BaselineTable workspace={workspace} model={model} baselines={baselines} />
            )
          }
        </QueryView>
      </PageBody>
      <UploadDialog
        workspace={workspace}
        model={model}
        isOpen={isUploading}
        onOpenChange={setIsUploading}
      />
    </>
  );
}
