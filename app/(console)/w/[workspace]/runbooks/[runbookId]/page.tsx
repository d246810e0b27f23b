import type { Metadata } from "next";
import { RunbookPage } from "#components/runbook/runbook-page.tsx";

export const metadata: Metadata = { title: "Runbook" };

export default async function Page({
  params,
}: {
  params: Promise<{ workspace: string; runbookId: string }>;
}) {
  const { workspace, runbookId } = await params;
  return <RunbookPage workspace={decodeURIComponent(workspace)} runbookId={runbookId} />;
}
