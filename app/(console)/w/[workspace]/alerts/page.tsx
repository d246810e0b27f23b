import type { Metadata } from "next";
import { AlertListPage } from "#components/alert/alert-list-page.tsx";

export const metadata: Metadata = { title: "Alerts" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <AlertListPage workspace={decodeURIComponent(workspace)} />;
}
