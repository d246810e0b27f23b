import { route } from "#lib/http/route.ts";
import { uploadBaseline } from "#lib/http/upload-baseline.ts";
import { listBaselines } from "#lib/services/baseline/list-baselines.ts";

export const GET = route(listBaselines);
export const POST = uploadBaseline;
