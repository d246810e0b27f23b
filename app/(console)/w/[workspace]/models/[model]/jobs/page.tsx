import type { Metadata } from "next";
import { JobsPage } from "#components/job/jobs-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; model: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { model } = await params;
  return { title: `Jobs of ${decodeURIComponent(model)}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, model } = await params;
  return <JobsPage workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)} />;
}
