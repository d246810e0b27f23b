import type { Metadata } from "next";
import { ReactionsPage } from "#components/reaction/reactions-page.tsx";

export const metadata: Metadata = { title: "Reactions" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <ReactionsPage workspace={decodeURIComponent(workspace)} />;
}
