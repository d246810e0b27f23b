import { answerReadiness } from "#lib/http/answer-readiness.ts";

export const dynamic = "force-dynamic";
export const GET = answerReadiness;
