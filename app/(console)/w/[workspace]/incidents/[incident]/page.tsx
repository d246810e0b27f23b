import type { Metadata } from "next";
import { IncidentPage } from "#components/incident/incident-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; incident: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Incident ${(await params).incident}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, incident } = await params;
  return <IncidentPage workspace={decodeURIComponent(workspace)} number={Number(incident)} />;
}
