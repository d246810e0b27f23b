import type { Metadata } from "next";
import { FairnessPage } from "#components/fairness/fairness-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; model: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { model } = await params;
  return { title: `Fairness of ${decodeURIComponent(model)}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, model } = await params;
  return (
    <FairnessPage workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)} />
  );
}
