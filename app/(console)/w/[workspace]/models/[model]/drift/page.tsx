import type { Metadata } from "next";
import { DriftPage } from "#components/drift/drift-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; model: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { model } = await params;
  return { title: `Drift of ${decodeURIComponent(model)}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, model } = await params;
  return <DriftPage workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)} />;
}
