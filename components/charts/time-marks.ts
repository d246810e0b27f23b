"use client";

import { createContext, useContext } from "react";
import type { TimeMark } from "#lib/charts/mark-time-axis.ts";

/** What happened in the time of an axis. A hook, so that whoever knows of what the page speaks can ask for each chart's own time. */
export type UseTimeMarks = (domain: readonly [number, number]) => readonly TimeMark[];

const none: readonly TimeMark[] = [];

export const TimeMarksContext = createContext<UseTimeMarks>(() => none);

export function useTimeMarks(domain: readonly [number, number]): readonly TimeMark[] {
  const useMarks = useContext(TimeMarksContext);
  return useMarks(domain);
}
