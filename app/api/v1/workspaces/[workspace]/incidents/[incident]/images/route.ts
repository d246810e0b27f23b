export { uploadImage as POST } from "#lib/http/upload-image.ts";
