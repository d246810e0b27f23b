import { createTransport } from "nodemailer";
import type { DestinationSettings } from "#lib/domain/destination.ts";
import type { Outcome } from "./classify-answer.ts";
import type { GuardOptions } from "./guarded-fetch.ts";
import { resolvePublic } from "./guarded-fetch.ts";
import { sendLimits } from "./limits.ts";
import { redactText } from "./redact-text.ts";
import type { EmailContent } from "./render-email.ts";

export interface EmailIds {
  /** The same over all attempts, so that a client that gets it twice may show it once. */
  id: string;
  /** Mails of one incident stand in one thread. */
  incidentId: string;
}

export async function sendEmail(
  settings: DestinationSettings<"email">,
  content: EmailContent,
  { id, incidentId, guard }: EmailIds & { guard: GuardOptions },
): Promise<Outcome> {
  const { host, port, security, from, to, username, password } = settings;
  // Connected to the very address that was judged: a name may point elsewhere a moment later.
  const resolved = await resolvePublic(host, guard.allowedHosts);
  if (resolved.kind === "refused")
    return permanentOutcome("refused", "fix_settings", resolved.message);
  if (resolved.kind === "unresolved") return retryOutcome(resolved.message, false);
  const timeoutMs = guard.timeoutMs ?? sendLimits.timeoutMs;
  const transport = createTransport({
    host: resolved.address,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    tls: { servername: host },
    ...(username === undefined || username === ""
      ? {}
      : { auth: { user: username, pass: password ?? "" } }),
    connectionTimeout: sendLimits.connectTimeoutMs,
    greetingTimeout: sendLimits.connectTimeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf("@") + 1);
  const thread = `<incident-${incidentId}@${domain}>`;
  try {
    const { response } = await transport.sendMail({
      from,
      to: [...to],
      ...content,
      messageId: `<${id}@${domain}>`,
      inReplyTo: thread,
      references: thread,
    });
    return { kind: "sent", status: null, text: redactText(response) };
  } catch (error) {
    return classifySmtp(error, [password ?? ""]);
  } finally {
    transport.close();
  }
}

/** By RFC 5321: 4xx may be tried again, 5xx not. A connection that broke off may have done so after the whole mail. */
function classifySmtp(error: unknown, secrets: readonly string[]): Outcome {
  const { responseCode, code, syscall, message } = readSmtpError(error);
  const text = redactText(message, secrets);
  if (code === "EAUTH" || responseCode === 535)
    return permanentOutcome("auth_error", "reconnect", text);
  if (responseCode !== null && responseCode >= 500)
    return permanentOutcome("client_error", "fix_settings", text);
  if (code === "EENVELOPE" && responseCode === null)
    return permanentOutcome("client_error", "fix_settings", text);
  const neverSpoke = syscall === "connect" || code === "EDNS" || code === "ETLS";
  return retryOutcome(text, responseCode === null && !neverSpoke);
}

interface SmtpError {
  responseCode: number | null;
  code: string | null;
  syscall: string | null;
  message: string;
}

function readSmtpError(error: unknown): SmtpError {
  const known: { responseCode?: unknown; code?: unknown; syscall?: unknown } =
    typeof error === "object" && error !== null ? error : {};
  return {
    responseCode: typeof known.responseCode === "number" ? known.responseCode : null,
    code: typeof known.code === "string" ? known.code : null,
    syscall: typeof known.syscall === "string" ? known.syscall : null,
    message: error instanceof Error ? error.message : "The mail server could not be reached.",
  };
}

function retryOutcome(text: string, isOutcomeUnknown: boolean): Outcome {
  return {
    kind: "retry",
    failure: "network",
    status: null,
    text,
    afterMs: null,
    isThrottled: false,
    isOutcomeUnknown,
  };
}

function permanentOutcome(
  failure: "refused" | "auth_error" | "client_error",
  remedy: "fix_settings" | "reconnect",
  text: string,
): Outcome {
  return { kind: "permanent", failure, remedy, status: null, text, isGone: false };
}
