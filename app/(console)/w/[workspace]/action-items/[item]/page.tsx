import type { Metadata } from "next";
import { ActionItemPage } from "#components/action-item/action-item-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; item: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `A-${(await params).item}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, item } = await params;
  return <ActionItemPage workspace={decodeURIComponent(workspace)} number={Number(item)} />;
}
