import type { Metadata } from "next";
import { RunbooksPage } from "#components/runbook/runbooks-page.tsx";

export const metadata: Metadata = { title: "Runbooks" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <RunbooksPage workspace={decodeURIComponent(workspace)} />;
}
