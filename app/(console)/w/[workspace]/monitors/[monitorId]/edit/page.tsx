import type { Metadata } from "next";
import { BuilderPage } from "#components/monitor/builder-page.tsx";

export const metadata: Metadata = { title: "Edit monitor" };

export default async function Page({
  params,
}: {
  params: Promise<{ workspace: string; monitorId: string }>;
}) {
  const { workspace, monitorId } = await params;
  return <BuilderPage workspace={decodeURIComponent(workspace)} monitorId={monitorId} />;
}
