import type { Metadata } from "next";
import { DeliveryLogPage } from "#components/notification/delivery-log-page.tsx";

export const metadata: Metadata = { title: "Delivery log" };

export default async function Page({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params;
  return <DeliveryLogPage workspace={decodeURIComponent(workspace)} />;
}
