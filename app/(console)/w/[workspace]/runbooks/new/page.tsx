import type { Metadata } from "next";
import { RunbookEditorPage } from "#components/runbook/runbook-editor-page.tsx";

export const metadata: Metadata = { title: "New runbook" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <RunbookEditorPage workspace={decodeURIComponent(workspace)} />;
}
