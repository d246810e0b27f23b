import type { Metadata } from "next";
import { ActionsPage } from "#components/action/actions-page.tsx";

export const metadata: Metadata = { title: "Actions" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <ActionsPage workspace={decodeURIComponent(workspace)} />;
}
