"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useState } from "react";
import { RequestError } from "#lib/api/request.ts";
import { formatDuration } from "#lib/charts/format-number.ts";
import { formatClockSeconds } from "#lib/charts/format-time.ts";
import { ErrorState } from "../ui/error-state.tsx";
import { readNow, useNow } from "../ui/use-now.ts";
import { useZone } from "../ui/use-zone.ts";

export interface QueryViewProps<Data> {
  query: UseQueryResult<Data>;
  /** What was asked for: "The drift of eta". */
  what: string;
  skeleton: ReactNode;
  children: (data: Data) => ReactNode;
}

/** Waiting, failed, or there; what was there stays while it is asked for again, also when that fails. */
export function QueryView<Data>({ query, what, skeleton, children }: QueryViewProps<Data>) {
  const zone = useZone();
  if (query.data !== undefined)
    return (
      <>
        {query.isError && (
          <RequestFailure
            title={`${what} could not be refreshed; this is as of ${formatClockSeconds(query.dataUpdatedAt, zone)}`}
            error={query.error}
            onRetry={() => void query.refetch()}
          />
        )}
        {children(query.data)}
      </>
    );
  if (query.isError)
    return (
      <RequestFailure
        title={`${what} could not be loaded`}
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  return (
    <div role="status" aria-label={`${what}: loading`} className="relative">
      <SecondsWaited />
      {skeleton}
    </div>
  );
}

/** An answer that comes sooner needs no word. */
const patienceMs = 2_000;

/** How long an answer has been waited for, over the skeleton, so that nothing moves when it comes. */
function SecondsWaited() {
  const [sinceMs] = useState(readNow);
  const nowMs = useNow();
  const waitedMs = nowMs === null ? 0 : nowMs - sinceMs;
  if (waitedMs < patienceMs) return null;
  return (
    <p
      aria-hidden="true"
      className="tabular absolute top-0 right-0 z-10 rounded-sm bg-page px-2 py-0.5 text-ink-2 text-xs"
    >
      still reading, {formatDuration(Math.floor(waitedMs / 1_000) * 1_000)}
    </p>
  );
}

export function RequestFailure({
  title,
  error,
  onRetry,
}: {
  title: string;
  error: Error;
  onRetry: (() => void) | null;
}) {
  const problem = error instanceof RequestError ? error.problem : null;
  if (problem?.status === 403)
    return (
      <ErrorState
        title={title}
        detail={`${problem.detail} An owner or an admin of this workspace can grant it.`}
        requestId={problem.requestId ?? null}
        onRetry={null}
      />
    );
  return (
    <ErrorState
      title={title}
      detail={problem?.detail ?? sayUnforeseen(error)}
      requestId={problem?.requestId ?? null}
      onRetry={onRetry}
    />
  );
}

/** A failed fetch is a TypeError; anything else is an answer that is not as agreed. */
function sayUnforeseen(error: Error): string {
  return error instanceof TypeError
    ? "The server did not answer. It may be restarting, or the connection is gone."
    : "The server's answer was not as agreed, so it is not shown.";
}

/** What to say under a form when its request failed. */
export function sayFailure(error: Error | null): string | null {
  if (error === null) return null;
  if (!(error instanceof RequestError)) return sayUnforeseen(error);
  const first = error.problem.errors?.[0];
  return first === undefined ? error.problem.detail : `${first.path}: ${first.message}`;
}
