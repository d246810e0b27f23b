import type { Metadata } from "next";
import { LinkSlackPage } from "#components/destination/link-slack-page.tsx";

export const metadata: Metadata = { title: "Link Slack" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <LinkSlackPage workspace={decodeURIComponent(workspace)} />;
}
