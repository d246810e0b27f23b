import { route } from "#lib/http/route.ts";
import { previewSilence } from "#lib/services/silence/preview-silence.ts";

export const POST = route(previewSilence);
