import type { Metadata } from "next";
import { SkewPage } from "#components/skew/skew-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; model: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { model } = await params;
  return { title: `Skew of ${decodeURIComponent(model)}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, model } = await params;
  return <SkewPage workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)} />;
}
