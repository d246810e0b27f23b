import type { Metadata } from "next";
import { WorkspacePage } from "#components/workspace/workspace-page.tsx";

export const metadata: Metadata = { title: "Workspace" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <WorkspacePage workspace={decodeURIComponent(workspace)} />;
}
