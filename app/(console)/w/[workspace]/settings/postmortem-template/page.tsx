import type { Metadata } from "next";
import { TemplatePage } from "#components/postmortem/template-page.tsx";

export const metadata: Metadata = { title: "Postmortem template" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <TemplatePage workspace={decodeURIComponent(workspace)} />;
}
