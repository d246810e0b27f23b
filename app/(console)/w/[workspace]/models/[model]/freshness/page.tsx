import type { Metadata } from "next";
import { FreshnessPage } from "#components/freshness/freshness-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; model: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { model } = await params;
  return { title: `Freshness of ${decodeURIComponent(model)}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, model } = await params;
  return (
    <FreshnessPage workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)} />
  );
}
