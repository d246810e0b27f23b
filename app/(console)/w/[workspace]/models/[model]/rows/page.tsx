import type { Metadata } from "next";
import { RowsPage } from "#components/row/rows-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; model: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { model } = await params;
  return { title: `Rows of ${decodeURIComponent(model)}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, model } = await params;
  return <RowsPage workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)} />;
}
