import type { Metadata } from "next";
import { SegmentsPage } from "#components/segment/segments-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; model: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { model } = await params;
  return { title: `Segments of ${decodeURIComponent(model)}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, model } = await params;
  return (
    <SegmentsPage workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)} />
  );
}
