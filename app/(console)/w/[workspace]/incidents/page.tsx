import type { Metadata } from "next";
import { IncidentListPage } from "#components/incident/incident-list-page.tsx";

export const metadata: Metadata = { title: "Incidents" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <IncidentListPage workspace={decodeURIComponent(workspace)} />;
}
