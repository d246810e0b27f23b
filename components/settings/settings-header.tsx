"use client";

import type { ReactNode } from "react";
import type { Answer } from "#lib/charts/sentence.ts";
import { PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { TabLinks } from "../shell/tab-links.tsx";

export function SettingsHeader({
  workspace,
  answer,
  isFailed,
  controls,
}: {
  workspace: string;
  answer: Answer | null;
  isFailed: boolean;
  controls?: ReactNode;
}) {
  return (
    <PageHeader
      crumbs={[{ label: "Settings", href: null }]}
      answer={answer}
      isFailed={isFailed}
      controls={controls}
      tabs={
        <TabLinks
          label="Settings"
          links={[
            { label: "Keys", href: paths.keys(workspace) },
            { label: "Members", href: paths.members(workspace) },
            { label: "Destinations", href: paths.destinations(workspace) },
            { label: "Delivery log", href: paths.deliveries(workspace) },
            { label: "Workspace", href: paths.workspace(workspace) },
          ]}
        />
      }
    />
  );
}
