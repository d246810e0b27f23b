import type { Metadata } from "next";
import { TeamsPage } from "#components/team/teams-page.tsx";

export const metadata: Metadata = { title: "Teams" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <TeamsPage workspace={decodeURIComponent(workspace)} />;
}
