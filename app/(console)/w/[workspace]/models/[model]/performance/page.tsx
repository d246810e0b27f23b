import type { Metadata } from "next";
import { PerformancePage } from "#components/performance/performance-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; model: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { model } = await params;
  return { title: `Performance of ${decodeURIComponent(model)}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, model } = await params;
  return (
    <PerformancePage workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)} />
  );
}
