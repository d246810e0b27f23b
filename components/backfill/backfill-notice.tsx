"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { jobStatusQuery } from "#lib/api/job.ts";
import { prepareBackfillNotice } from "#lib/charts/prepare-backfill-notice.ts";
import { paths } from "../shell/paths.ts";
import { SentenceText } from "../ui/sentence-text.tsx";
import { StatusShape } from "../ui/status-mark.tsx";
import { useNow } from "../ui/use-now.ts";

const refetchMs = 15_000;

/** Stands over figures that are still being computed: half of a history looks like a whole one. */
export function BackfillNotice({ workspace }: { workspace: string }) {
  const { data } = useQuery({ ...jobStatusQuery(workspace), refetchInterval: refetchMs });
  const nowMs = useNow(5_000);
  if (data === undefined || nowMs === null) return null;
  const notice = prepareBackfillNotice(data, nowMs);
  if (notice === null) return null;
  return (
    <p
      role="status"
      className="flex items-center gap-3 border-t bg-unknown-soft px-6 py-1.5 text-sm max-sm:px-4"
    >
      <StatusShape status="unknown" size={14} />
      <span>
        <SentenceText parts={notice} />{" "}
        <Link href={paths.system(workspace)} prefetch={false} className="text-accent underline">
          Progress
        </Link>
      </span>
    </p>
  );
}
