import type { Metadata } from "next";
import { VersionsPage } from "#components/version/versions-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; model: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { model } = await params;
  return { title: `Versions of ${decodeURIComponent(model)}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, model } = await params;
  return (
    <VersionsPage workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)} />
  );
}
