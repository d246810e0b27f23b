import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { GalleryPage } from "#components/gallery/gallery-page.tsx";
import { isGalleryOn } from "#lib/http/gallery-flag.ts";

export const metadata: Metadata = { title: "Gallery" };

export default function Page() {
  if (!isGalleryOn()) notFound();
  return <GalleryPage />;
}
