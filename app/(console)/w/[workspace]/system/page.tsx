import type { Metadata } from "next";
import { SystemPage } from "#components/system/system-page.tsx";

export const metadata: Metadata = { title: "System" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <SystemPage workspace={decodeURIComponent(workspace)} />;
}
