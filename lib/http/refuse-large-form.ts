import { AppError } from "#lib/domain/errors.ts";
import { getRuntime } from "#lib/runtime.ts";
import { answerProblem } from "./answer.ts";
import { requestIdOf } from "./request-id.ts";

/** An address, a password and a token. */
const formBytesMax = 16 * 1024;

/** next-auth reads a form whole, however long, from anybody: so one must say its length before, and be short. */
export function refuseLargeForm(request: Request): Response | null {
  if (request.method !== "POST") return null;
  const length = request.headers.get("content-length");
  if (length !== null && Number(length) <= formBytesMax) return null;
  const error = new AppError("too_large", `A sign-in form has at most ${formBytesMax} bytes.`);
  return answerProblem(error, requestIdOf(request), getRuntime().log);
}
