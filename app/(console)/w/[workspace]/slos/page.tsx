import type { Metadata } from "next";
import { SlosPage } from "#components/slo/slos-page.tsx";

export const metadata: Metadata = { title: "SLOs" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <SlosPage workspace={decodeURIComponent(workspace)} />;
}
