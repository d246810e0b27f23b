import type { IncidentMessage, MessageAlert, MessageChange } from "#lib/domain/notification.ts";
import { cleanLine, cleanText, cutText } from "./cut-text.ts";
import { messageLimits } from "./limits.ts";

const { titleLengthMax, textLengthMax, nameLengthMax, alertsMax } = messageLimits;

const line = (text: string, lengthMax: number) => cutText(cleanLine(text), lengthMax);
const maybe = <T>(value: string | null, clean: (text: string) => T) =>
  value === null ? null : clean(value);
const name = (text: string) => line(text, nameLengthMax);
const words = (text: string) => cutText(cleanText(text).trim(), textLengthMax);

/** A message that any store and any receiver can take, whatever people and programs wrote into it: bounded, without halves of
 *  pairs or control characters. Of empty texts something is left to read. */
export function cleanMessage(message: IncidentMessage): IncidentMessage {
  const title = line(message.title, titleLengthMax);
  const answer = words(message.answer);
  return {
    ...message,
    workspaceName: name(message.workspaceName),
    groupKey: message.groupKey.toWellFormed().replaceAll("\u0000", " "),
    title: title === "" ? `Incident ${message.incidentNumber}` : title,
    answer: answer === "" ? "What is broken was not said." : answer,
    model:
      message.model === null
        ? null
        : {
            name: name(message.model.name),
            environment: name(message.model.environment),
            version: name(message.model.version),
          },
    acknowledgedBy: maybe(message.acknowledgedBy, name),
    ownerName: maybe(message.ownerName, name),
    note: maybe(message.note, words),
    alerts: message.alerts.slice(0, alertsMax).map(cleanAlert),
    runbookUrl: maybe(message.runbookUrl, webAddress),
    incidentUrl: maybe(message.incidentUrl, webAddress),
    ...(message.change === undefined ? {} : { change: cleanChange(message.change) }),
  };
}

const cleanChange = (change: MessageChange): MessageChange => ({
  kind: change.kind,
  source: name(change.source),
  url: maybe(change.url, webAddress),
  details: Object.fromEntries(
    Object.entries(change.details).map(([key, value]) => [name(key), words(value)]),
  ),
});

function cleanAlert(alert: MessageAlert): MessageAlert {
  return {
    ...alert,
    monitorName: name(alert.monitorName),
    target: name(alert.target),
    sentence: words(alert.sentence),
  };
}

const addressLengthMax = 2_000;

/** Anything else may be a script, or no link at all. */
function webAddress(text: string): string | null {
  if (text.length > addressLengthMax || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  return url.href.length > addressLengthMax ? null : url.href;
}
