import type { Metadata } from "next";
import { SchedulesPage } from "#components/schedule/schedules-page.tsx";

export const metadata: Metadata = { title: "Schedules" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <SchedulesPage workspace={decodeURIComponent(workspace)} />;
}
