import type { Metadata } from "next";
import { RunbookEditorPage } from "#components/runbook/runbook-editor-page.tsx";

export const metadata: Metadata = { title: "Edit a runbook" };

export default async function Page({
  params,
}: {
  params: Promise<{ workspace: string; runbookId: string }>;
}) {
  const { workspace, runbookId } = await params;
  return <RunbookEditorPage workspace={decodeURIComponent(workspace)} runbookId={runbookId} />;
}
