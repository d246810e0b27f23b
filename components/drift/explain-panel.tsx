"use client";

import { useQuery } from "@tanstack/react-query";
import { Download, X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { DriftExplanation } from "#lib/api/drift.ts";
import { driftExplanationQuery } from "#lib/api/drift.ts";
import { toCsv } from "#lib/charts/chart-table.ts";
import { statisticNames } from "#lib/charts/name-statistic.ts";
import { prepareExplanation } from "#lib/charts/prepare-explanation.ts";
import type { DriftMeasure } from "#lib/domain/health.ts";
import { QueryView } from "../request/query-view.tsx";
import { useScope } from "../shell/use-scope.ts";
import { Button } from "../ui/button.tsx";
import { CodeBlock } from "../ui/code-block.tsx";
import { downloadFile, toFileName } from "../ui/download-file.ts";
import { Segmented } from "../ui/segmented.tsx";
import { SentenceText } from "../ui/sentence-text.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { CellTable } from "./cell-table.tsx";
import { toDriftScope } from "./to-drift-scope.ts";

const codeNames = { sql: "SQL", python: "Python" } as const;

export interface ExplainPanelProps {
  workspace: string;
  model: string;
  subject: string;
  feature: string;
  measure: DriftMeasure;
  onClose: () => void;
}

/** One number taken apart: where it was counted, what the field's tools give for the same rows, and code that repeats it. */
export function ExplainPanel(props: ExplainPanelProps) {
  const { workspace, model, subject, feature, measure, onClose } = props;
  const { statistic: _, ...scope } = toDriftScope(useScope());
  const query = useQuery(
    driftExplanationQuery(workspace, model, { ...scope, subject, feature, measure }),
  );
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.scrollIntoView({ block: "nearest" }), []);
  const what = `How ${statisticNames[measure]} comes about`;
  return (
    <section
      ref={section}
      aria-label={what}
      className="flex flex-col gap-4 rounded-lg border px-3 py-3"
    >
      <div className="flex items-center gap-3">
        <h3 className="font-semibold text-base">{what}</h3>
        <Button
          kind="quiet"
          size="iconSm"
          aria-label="Close the explanation"
          onClick={onClose}
          className="ml-auto"
        >
          <X size={16} aria-hidden />
        </Button>
      </div>
      <QueryView query={query} what={what} skeleton={<Skeleton className="h-56 w-full" />}>
        {(explanation) => <Explanation explanation={explanation} />}
      </QueryView>
    </section>
  );
}

function Explanation({ explanation }: { explanation: DriftExplanation }) {
  const model = useMemo(() => prepareExplanation(explanation), [explanation]);
  const [code, setCode] = useState<"sql" | "python">("sql");
  const save = () =>
    downloadFile(
      `${toFileName(`${explanation.feature} cells`)}.csv`,
      new Blob([toCsv(model.table)], { type: "text/csv" }),
    );
  return (
    <>
      <p className="text-sm">
        <SentenceText parts={model.sentence} /> <SentenceText parts={model.exact} />
      </p>
      {model.tools.length > 0 && <ToolTable tools={model.tools} />}
      {model.cells.length > 0 && (
        <div>
          <div className="flex items-center">
            <h4 className="font-medium text-sm">Edges and counts</h4>
            <Button
              kind="quiet"
              size="iconSm"
              aria-label="Download the edges and counts as CSV"
              title="Download the edges and counts as CSV"
              onClick={save}
              className="ml-auto"
            >
              <Download size={15} aria-hidden />
            </Button>
          </div>
          <CellTable cells={model.cells} />
        </div>
      )}
      {explanation.sql !== "" && (
        <div className="flex flex-col gap-2">
          <div className="flex items-center justify-between gap-3">
            <h4 className="font-medium text-sm">Repeat it</h4>
            <Segmented
              label="Code"
              value={code}
              onChange={setCode}
              options={[
                { value: "sql", label: codeNames.sql },
                { value: "python", label: codeNames.python },
              ]}
            />
          </div>
          <p className="text-ink-2 text-xs">
            The SQL counts the values of both sides; with its answer saved as values.csv (FORMAT
            CSVWithNames), the Python repeats the number.
          </p>
          <CodeBlock label={codeNames[code]} code={explanation[code]} isLong />
        </div>
      )}
    </>
  );
}

function ToolTable({ tools }: { tools: ReturnType<typeof prepareExplanation>["tools"] }) {
  return (
    <div>
      <h4 className="font-medium text-sm">What other tools give for these rows</h4>
      <table className="tabular mt-1 w-full text-sm">
        <thead className="sr-only">
          <tr>
            <th scope="col">Tool and statistic</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {tools.map(({ key, tool, statistic, value, note }) => (
            <tr key={key}>
              <th scope="row" className="border-t py-1.5 text-left font-normal">
                {tool} <span className="font-mono text-ink-2 text-xs">{statistic}</span>
                {note !== "" && <span className="block text-ink-3 text-xs">{note}</span>}
              </th>
              <td className="whitespace-nowrap border-t py-1.5 pl-3 text-right align-top font-medium">
                {value}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
