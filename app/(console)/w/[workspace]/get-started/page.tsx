import type { Metadata } from "next";
import { GetStartedPage } from "#components/onboarding/get-started-page.tsx";

export const metadata: Metadata = { title: "Get started" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <GetStartedPage workspace={decodeURIComponent(workspace)} />;
}
