import type { Metadata } from "next";
import { SilencesPage } from "#components/silence/silences-page.tsx";

export const metadata: Metadata = { title: "Silences" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <SilencesPage workspace={decodeURIComponent(workspace)} />;
}
