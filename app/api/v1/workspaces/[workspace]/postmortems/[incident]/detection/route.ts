import { route } from "#lib/http/route.ts";
import { replayDetection } from "#lib/services/postmortem/replay-detection.ts";

export const POST = route(replayDetection);
