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
  crumb,
}: {
  workspace: string;
  answer: Answer | null;
  isFailed: boolean;
  controls?: ReactNode;
  /** What of a setting's page is shown, where it shows one. */
  crumb?: { label: string; parent: { label: string; href: string } };
}) {
  return (
    <PageHeader
      crumbs={
        crumb === undefined
          ? [{ label: "Settings", href: null }]
          : [
              { label: "Settings", href: paths.keys(workspace) },
              crumb.parent,
              { label: crumb.label, href: null },
            ]
      }
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
            { label: "Teams", href: paths.teams(workspace) },
            { label: "Schedules", href: paths.schedules(workspace) },
            { label: "Escalation", href: paths.escalation(workspace) },
            { label: "Silences", href: paths.silences(workspace) },
            { label: "Postmortem template", href: paths.postmortemTemplate(workspace) },
            { label: "Actions", href: paths.actions(workspace) },
            { label: "Reactions", href: paths.reactions(workspace) },
            { label: "Workspace", href: paths.workspace(workspace) },
          ]}
        />
      }
    />
  );
}
