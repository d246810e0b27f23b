import type { IncidentMessage } from "#lib/domain/notification.ts";
import { cleanMessage } from "./clean-message.ts";
import { cleanLine, cutText } from "./cut-text.ts";
import { emailLimits } from "./limits.ts";
import {
  listFacts,
  sayCounts,
  sayHeadline,
  sayLink,
  sayOmitted,
  sayReference,
} from "./say-message.ts";

export interface EmailContent {
  subject: string;
  text: string;
  html: string;
}

const { subjectLengthMax, alertsMax, bodyBytesMax } = emailLimits;

/** Plain text and the same as simple HTML; no pictures, since most clients don't show them unasked. */
export function renderEmail(unclean: IncidentMessage): EmailContent {
  const message = cleanMessage(unclean);
  const subject = cutText(cleanLine(sayHeadline(message)), subjectLengthMax);
  let shownCount = Math.min(alertsMax, message.alerts.length);
  let content = renderBody(message, shownCount);
  while (Buffer.byteLength(content.html) > bodyBytesMax && shownCount > 0) {
    shownCount = Math.floor(shownCount / 2);
    content = renderBody(message, shownCount);
  }
  return { subject, ...content };
}

function renderBody(message: IncidentMessage, shownCount: number): Omit<EmailContent, "subject"> {
  const alerts = message.alerts
    .slice(0, shownCount)
    .map(({ state, monitorName, target, sentence }) => ({
      head: `${state}: ${[monitorName, target].filter((part) => part !== "").join(", ")}`,
      sentence,
    }));
  const omitted = sayOmitted(message, alerts.length);
  const facts = listFacts(message);
  const links = [
    ...(message.incidentUrl === null
      ? []
      : [{ label: sayLink(message), url: message.incidentUrl }]),
    ...(message.runbookUrl === null
      ? []
      : [{ label: sayReference(message), url: message.runbookUrl }]),
  ];
  const text = [
    sayHeadline(message),
    "",
    message.answer,
    ...(message.note === null ? [] : ["", message.note]),
    "",
    ...links.map(({ label, url }) => `${label}: ${url}`),
    "",
    ...facts.map(({ label, text: value }) => `${label}: ${value}`),
    "",
    sayCounts(message),
    ...alerts.map(({ head, sentence }) => `- ${head}: ${sentence}`),
    ...(omitted === null ? [] : [`- ${omitted}`]),
  ].join("\n");
  const html = [
    `<h2>${escapeHtml(sayHeadline(message))}</h2>`,
    `<p style="font-size:16px">${escapeHtml(message.answer)}</p>`,
    ...(message.note === null ? [] : [`<p>${escapeHtml(message.note)}</p>`]),
    ...links.map(({ label, url }) => `<p><a href="${escapeHtml(url)}">${label}</a></p>`),
    "<table>",
    ...facts.map(
      ({ label, text: value }) =>
        `<tr><td style="color:#666;padding-right:16px">${label}</td><td>${escapeHtml(value)}</td></tr>`,
    ),
    "</table>",
    `<p>${escapeHtml(sayCounts(message))}</p>`,
    "<ul>",
    ...alerts.map(
      ({ head, sentence }) =>
        `<li><strong>${escapeHtml(head)}</strong><br>${escapeHtml(sentence)}</li>`,
    ),
    ...(omitted === null ? [] : [`<li>${escapeHtml(omitted)}</li>`]),
    "</ul>",
  ].join("\n");
  return { text, html };
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign).replaceAll("\n", "<br>");
}
