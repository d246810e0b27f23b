import { GalleryCharts } from "./gallery-charts.tsx";
import { GalleryParts } from "./gallery-parts.tsx";
import { GalleryTables } from "./gallery-tables.tsx";

/** Every chart and component on fixed data: empty, one point, gaps, thirty series, long names, failures. */
export function GalleryPage() {
  return (
    <main className="mx-auto max-w-[1180px] px-6 py-8 max-sm:px-4">
      <h1 className="mb-4 font-semibold text-answer">Gallery</h1>
      <GalleryParts />
      <GalleryCharts />
      <GalleryTables />
    </main>
  );
}
