import type { Metadata } from "next";
import { PostmortemPage } from "#components/postmortem/postmortem-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; incident: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Postmortem of #${(await params).incident}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, incident } = await params;
  return <PostmortemPage workspace={decodeURIComponent(workspace)} number={Number(incident)} />;
}
