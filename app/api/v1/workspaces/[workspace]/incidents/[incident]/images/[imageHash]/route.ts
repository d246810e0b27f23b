import { getImage } from "#lib/http/get-image.ts";

export const GET = getImage;
