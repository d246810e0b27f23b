import type { ReactNode } from "react";
import { ModelMarks } from "#components/change/model-marks.tsx";

/** Around every page of a model: what was changed stands on all of its time axes. */
export default async function Layout({
  params,
  children,
}: {
  params: Promise<{ workspace: string; model: string }>;
  children: ReactNode;
}) {
  const { workspace, model } = await params;
  return (
    <ModelMarks workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)}>
      {children}
    </ModelMarks>
  );
}
