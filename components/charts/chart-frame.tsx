"use client";

import { ChartColumn, Download, Image as ImageIcon, Table2 } from "lucide-react";
import type { ReactNode } from "react";
import { useRef, useState } from "react";
import type { ChartTable } from "#lib/charts/chart-table.ts";
import { toCsv } from "#lib/charts/chart-table.ts";
import { Button } from "../ui/button.tsx";
import { downloadFile, toFileName } from "../ui/download-file.ts";
import { ChartTableView } from "./chart-table-view.tsx";
import { toPicture } from "./to-picture.ts";

export interface ChartFrameProps {
  title: string;
  unit: string;
  /** Said to a screen reader in place of the drawing. */
  sentence: string;
  note?: string | null;
  table: ChartTable;
  legend?: ReactNode;
  canPicture?: boolean;
  children: ReactNode;
}

/** A drawing with its name, its unit, the same figures as a table, and files to take away. */
export function ChartFrame(props: ChartFrameProps) {
  const { title, unit, sentence, note, table, legend, canPicture = true, children } = props;
  const [isTable, setIsTable] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const savePicture = async () => {
    const svg = body.current?.querySelector<SVGSVGElement>("svg[role='application'], svg");
    const picture = svg ? await toPicture(svg) : null;
    if (picture !== null) downloadFile(`${toFileName(title)}.png`, picture);
  };
  return (
    <figure aria-label={title} className="@container m-0 flex min-w-0 flex-col">
      <figcaption className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-semibold text-base">{title}</h2>
        <span className="text-ink-3 text-xs">{unit}</span>
        {legend !== undefined && (
          <div className="flex flex-wrap items-center gap-x-3 @max-2xl:order-last @max-2xl:w-full">
            {legend}
          </div>
        )}
        <div className="ml-auto flex items-center gap-0.5">
          <IconButton
            label={isTable ? "Show the picture" : "Show as a table"}
            onClick={() => setIsTable(!isTable)}
          >
            {isTable ? <ChartColumn size={15} aria-hidden /> : <Table2 size={15} aria-hidden />}
          </IconButton>
          <IconButton
            label="Download CSV"
            onClick={() =>
              downloadFile(
                `${toFileName(title)}.csv`,
                new Blob([toCsv(table)], { type: "text/csv" }),
              )
            }
          >
            <Download size={15} aria-hidden />
          </IconButton>
          {canPicture && !isTable && (
            <IconButton label="Download PNG" onClick={() => void savePicture()}>
              <ImageIcon size={15} aria-hidden />
            </IconButton>
          )}
        </div>
      </figcaption>
      <p className="sr-only">{sentence}</p>
      <div ref={body} className="mt-1 min-w-0">
        {isTable ? <ChartTableView table={table} name={title} /> : children}
      </div>
      {note != null && <p className="mt-1 text-ink-3 text-xs">{note}</p>}
    </figure>
  );
}

function IconButton({
  label,
  onClick,
  children,
}: {
  label: string;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Button kind="quiet" size="iconSm" aria-label={label} title={label} onClick={onClick}>
      {children}
    </Button>
  );
}
