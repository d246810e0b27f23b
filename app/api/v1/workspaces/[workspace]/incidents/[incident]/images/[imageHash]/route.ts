export { showImage as GET } from "#lib/http/show-image.ts";
