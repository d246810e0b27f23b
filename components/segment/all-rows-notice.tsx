"use client";

import { describeSegment } from "#lib/charts/name-segment.ts";
import type { Segment } from "#lib/domain/segment.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { StatusShape } from "../ui/status-mark.tsx";

/** Stands over figures of all rows while a segment is chosen: they would be taken for the segment's. */
export function AllRowsNotice({ segment }: { segment: Segment }) {
  const { set } = useUrlState();
  return (
    <p
      role="status"
      className="flex items-center gap-3 border-t bg-unknown-soft px-6 py-1.5 text-sm max-sm:px-4"
    >
      <StatusShape status="unknown" size={14} />
      <span>
        All rows are shown here: this page is not kept by segment, and{" "}
        <span className="font-mono">{describeSegment(segment)}</span> does not narrow it.{" "}
        <button
          type="button"
          className="text-accent underline"
          onClick={() => set({ segmentKey: null, segmentValue: null })}
        >
          Leave the segment
        </button>
      </span>
    </p>
  );
}
