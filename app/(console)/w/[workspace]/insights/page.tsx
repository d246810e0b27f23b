import type { Metadata } from "next";
import { InsightPage } from "#components/insight/insight-page.tsx";

export const metadata: Metadata = { title: "Insights" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <InsightPage workspace={decodeURIComponent(workspace)} />;
}
