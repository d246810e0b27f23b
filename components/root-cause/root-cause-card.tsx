"use client";

import dynamic from "next/dynamic";
import type { ExplainedOf } from "#lib/api/root-cause.ts";
import { RootCauseSkeleton } from "./root-cause-skeleton.tsx";

// It comes after the page that it stands on, with a script of its own.
const RootCausePanel = dynamic(
  () => import("./root-cause-panel.tsx").then((module) => module.RootCausePanel),
  { ssr: false, loading: RootCauseSkeleton },
);

export interface RootCauseCardProps {
  workspace: string;
  model: string;
  /** Whose change is explained. */
  of: ExplainedOf;
}

/** What explains that the predictions, or how right they are, differ from the reference? */
export function RootCauseCard(props: RootCauseCardProps) {
  return <RootCausePanel {...props} />;
}
