import type { Metadata } from "next";
import { QualityPage } from "#components/quality/quality-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; model: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { model } = await params;
  return { title: `Quality of ${decodeURIComponent(model)}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, model } = await params;
  return (
    <QualityPage workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)} />
  );
}
