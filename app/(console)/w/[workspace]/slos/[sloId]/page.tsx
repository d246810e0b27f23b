import type { Metadata } from "next";
import { SloPage } from "#components/slo/slo-page.tsx";

export const metadata: Metadata = { title: "SLO" };

interface PageProps {
  params: Promise<{ workspace: string; sloId: string }>;
}

export default async function Page({ params }: PageProps) {
  const { workspace, sloId } = await params;
  return <SloPage workspace={decodeURIComponent(workspace)} sloId={sloId} />;
}
