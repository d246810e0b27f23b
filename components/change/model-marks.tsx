"use client";

import type { ReactNode } from "react";
import { useScope } from "../shell/use-scope.ts";
import { ChangeMarks } from "./change-marks.tsx";

/** The marks of a model's pages, of the environment that is chosen. */
export function ModelMarks({
  workspace,
  model,
  children,
}: {
  workspace: string;
  model: string;
  children: ReactNode;
}) {
  const { environment = "production" } = useScope();
  return (
    <ChangeMarks workspace={workspace} model={model} environment={environment}>
      {children}
    </ChangeMarks>
  );
}
