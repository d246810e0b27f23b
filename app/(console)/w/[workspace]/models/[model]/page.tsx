import type { Metadata } from "next";
import { OverviewPage } from "#components/overview/overview-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; model: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { model } = await params;
  return { title: `${decodeURIComponent(model)}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, model } = await params;
  return (
    <OverviewPage workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)} />
  );
}
