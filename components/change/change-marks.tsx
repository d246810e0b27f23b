"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { createContext, useContext, useMemo } from "react";
import { changeListQuery } from "#lib/api/change.ts";
import type { TimeMark } from "#lib/charts/mark-time-axis.ts";
import { toTimeMarks } from "#lib/charts/name-change.ts";
import { TimeMarksContext } from "../charts/time-marks.ts";

/** Charts of close domains share one answer. */
const roundMs = 5 * 60_000;
const refetchMs = 60_000;

interface MarkScope {
  workspace: string;
  /** Of all models where it is left out. */
  model?: string | undefined;
  environment?: string | undefined;
  /** On its own page it is no news. */
  exceptIncident?: number | undefined;
}

const ScopeContext = createContext<MarkScope | null>(null);

function useChangeMarks([fromMs, untilMs]: readonly [number, number]): readonly TimeMark[] {
  const { workspace, model, environment, exceptIncident } = useContext(ScopeContext) ?? {};
  const isKnown = workspace !== undefined && Number.isFinite(fromMs) && untilMs > fromMs;
  const from = isKnown ? Math.floor(fromMs / roundMs) * roundMs : 0;
  const until = isKnown ? Math.ceil(untilMs / roundMs) * roundMs : roundMs;
  const { data } = useQuery({
    ...changeListQuery(workspace ?? "", {
      ...(model === undefined ? {} : { model }),
      ...(environment === undefined ? {} : { environment }),
      from: new Date(from).toISOString(),
      until: new Date(until).toISOString(),
    }),
    enabled: isKnown,
    staleTime: refetchMs,
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
  return useMemo(
    () => (data === undefined ? [] : toTimeMarks(data, exceptIncident)),
    [data, exceptIncident],
  );
}

/** Puts what was changed and what broke on the time axis of every chart within. */
export function ChangeMarks({
  children,
  workspace,
  model,
  environment,
  exceptIncident,
}: MarkScope & { children: ReactNode }) {
  const scope = useMemo(
    () => ({ workspace, model, environment, exceptIncident }),
    [workspace, model, environment, exceptIncident],
  );
  return (
    <ScopeContext value={scope}>
      <TimeMarksContext value={useChangeMarks}>{children}</TimeMarksContext>
    </ScopeContext>
  );
}
