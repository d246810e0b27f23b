/** Pictures that a browser shows and that carry no script. */
export const imageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;
export type ImageType = (typeof imageTypes)[number];

export const imageLimits = {
  bytesMax: 5 * 1024 * 1024,
  /** What a browser unpacks: a small file can be a huge picture. */
  pixelsMax: 50_000_000,
  /** Of one incident. */
  imagesMax: 100,
} as const;
