import type { Metadata } from "next";
import { BaselinesPage } from "#components/baseline/baselines-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; model: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { model } = await params;
  return { title: `Baselines of ${decodeURIComponent(model)}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, model } = await params;
  return (
    <BaselinesPage workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)} />
  );
}
