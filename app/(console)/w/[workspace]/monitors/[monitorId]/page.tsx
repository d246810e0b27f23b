import type { Metadata } from "next";
import { MonitorPage } from "#components/monitor/monitor-page.tsx";

export const metadata: Metadata = { title: "Monitor" };

export default async function Page({
  params,
}: {
  params: Promise<{ workspace: string; monitorId: string }>;
}) {
  const { workspace, monitorId } = await params;
  return <MonitorPage workspace={decodeURIComponent(workspace)} monitorId={monitorId} />;
}
