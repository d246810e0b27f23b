import type { Metadata } from "next";
import { DestinationsPage } from "#components/destination/destinations-page.tsx";

export const metadata: Metadata = { title: "Destinations" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <DestinationsPage workspace={decodeURIComponent(workspace)} />;
}
