import { addImage } from "#lib/http/add-image.ts";

export const POST = addImage;
