import type { Metadata } from "next";
import { RejectionsPage } from "#components/rejection/rejections-page.tsx";

export const metadata: Metadata = { title: "Refused rows" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <RejectionsPage workspace={decodeURIComponent(workspace)} />;
}
