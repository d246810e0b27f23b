import type { Metadata } from "next";
import { MonitorsPage } from "#components/monitor/monitors-page.tsx";

export const metadata: Metadata = { title: "Monitors" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <MonitorsPage workspace={decodeURIComponent(workspace)} />;
}
