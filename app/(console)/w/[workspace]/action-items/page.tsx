import type { Metadata } from "next";
import { ActionItemsPage } from "#components/action-item/action-items-page.tsx";

export const metadata: Metadata = { title: "Action items" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <ActionItemsPage workspace={decodeURIComponent(workspace)} />;
}
