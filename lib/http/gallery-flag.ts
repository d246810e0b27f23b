import { getRuntime } from "#lib/runtime.ts";

/** The gallery is for those who build the console; a production server answers not found unless it is switched on. */
export function isGalleryOn(): boolean {
  const { env } = getRuntime();
  return env.NODE_ENV === "development" || env.PLUMBLINE_GALLERY === "on";
}
