import type { Metadata } from "next";
import { SchedulePage } from "#components/schedule/schedule-page.tsx";

export const metadata: Metadata = { title: "Schedule" };

interface PageProps {
  params: Promise<{ workspace: string; scheduleId: string }>;
}

export default async function Page({ params }: PageProps) {
  const { workspace, scheduleId } = await params;
  return <SchedulePage workspace={decodeURIComponent(workspace)} scheduleId={scheduleId} />;
}
