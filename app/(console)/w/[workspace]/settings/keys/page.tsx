import type { Metadata } from "next";
import { KeysPage } from "#components/key/keys-page.tsx";

export const metadata: Metadata = { title: "Keys" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <KeysPage workspace={decodeURIComponent(workspace)} />;
}
