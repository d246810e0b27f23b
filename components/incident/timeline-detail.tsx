import Link from "next/link";
import type { TimelineDetail } from "#lib/domain/timeline-detail.ts";
import { QueryResultView } from "../runbook/query-result-view.tsx";
import { paths } from "../shell/paths.ts";

/** What an entry shows beside its words. */
export function TimelineDetailView({
  workspace,
  detail,
}: {
  workspace: string;
  detail: TimelineDetail;
}) {
  switch (detail.kind) {
    case "status":
      return <p className="text-ink-3 text-xs">Status update</p>;
    case "link":
      return (
        <Link
          href={`${paths.fleet(workspace)}/${detail.path}`}
          prefetch={false}
          className="text-accent hover:underline"
        >
          {detail.label}
        </Link>
      );
    case "query_result":
      return (
        <details className="mt-1">
          <summary className="cursor-pointer text-accent text-xs">Chart and figures</summary>
          <QueryResultView result={detail.result} hasSentence={false} />
        </details>
      );
  }
}
