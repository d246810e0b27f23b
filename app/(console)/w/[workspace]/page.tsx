import type { Metadata } from "next";
import { FleetPage } from "#components/fleet/fleet-page.tsx";

export const metadata: Metadata = { title: "Fleet" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <FleetPage workspace={decodeURIComponent(workspace)} />;
}
