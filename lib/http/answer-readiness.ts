import { getRuntime } from "#lib/runtime.ts";
import { checkReadiness } from "#lib/services/system/check-readiness.ts";
import { answerJson } from "./answer.ts";
import { requestIdOf } from "./request-id.ts";

export async function answerReadiness(request: Request): Promise<Response> {
  const readiness = await checkReadiness(getRuntime());
  return answerJson(readiness, requestIdOf(request), readiness.isReady ? 200 : 503);
}
