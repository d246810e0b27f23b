import type { Metadata } from "next";
import { BuilderPage } from "#components/monitor/builder-page.tsx";

export const metadata: Metadata = { title: "New monitor" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <BuilderPage workspace={decodeURIComponent(workspace)} />;
}
