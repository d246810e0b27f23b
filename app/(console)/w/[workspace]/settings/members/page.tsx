import type { Metadata } from "next";
import { MembersPage } from "#components/member/members-page.tsx";

export const metadata: Metadata = { title: "Members" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <MembersPage workspace={decodeURIComponent(workspace)} />;
}
