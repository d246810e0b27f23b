import type { Metadata } from "next";
import { PostmortemsPage } from "#components/postmortem/postmortems-page.tsx";

export const metadata: Metadata = { title: "Postmortems" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <PostmortemsPage workspace={decodeURIComponent(workspace)} />;
}
