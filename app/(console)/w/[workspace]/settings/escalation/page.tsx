import type { Metadata } from "next";
import { EscalationPage } from "#components/escalation/escalation-page.tsx";

export const metadata: Metadata = { title: "Escalation" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <EscalationPage workspace={decodeURIComponent(workspace)} />;
}
