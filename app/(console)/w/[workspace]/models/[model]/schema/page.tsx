import type { Metadata } from "next";
import { SchemaPage } from "#components/model/schema-page.tsx";

interface PageProps {
  params: Promise<{ workspace: string; model: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { model } = await params;
  return { title: `Schema of ${decodeURIComponent(model)}` };
}

export default async function Page({ params }: PageProps) {
  const { workspace, model } = await params;
  return <SchemaPage workspace={decodeURIComponent(workspace)} model={decodeURIComponent(model)} />;
}
