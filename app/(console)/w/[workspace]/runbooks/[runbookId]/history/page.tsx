import type { Metadata } from "next";
import { RunbookHistoryPage } from "#components/runbook/runbook-history-page.tsx";

export const metadata: Metadata = { title: "History of a runbook" };

export default async function Page({
  params,
}: {
  params: Promise<{ workspace: string; runbookId: string }>;
}) {
  const { workspace, runbookId } = await params;
  return <RunbookHistoryPage workspace={decodeURIComponent(workspace)} runbookId={runbookId} />;
}
