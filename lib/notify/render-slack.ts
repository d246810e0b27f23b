import type { IncidentMessage, MessageAlert } from "#lib/domain/notification.ts";
import { cleanMessage } from "./clean-message.ts";
import { cleanLine, cutUnits } from "./cut-text.ts";
import { slackLimits } from "./limits.ts";
import {
  listFacts,
  sayCounts,
  sayHeadline,
  sayKind,
  sayLink,
  sayOmitted,
  sayReference,
} from "./say-message.ts";

export interface SlackText {
  type: "plain_text" | "mrkdwn";
  text: string;
}
export interface SlackButton {
  type: "button";
  action_id: string;
  text: SlackText;
  value?: string;
  url?: string;
  style?: "primary" | "danger";
  confirm?: { title: SlackText; text: SlackText; confirm: SlackText; deny: SlackText };
}
export type SlackBlock =
  | { type: "header"; block_id?: string; text: SlackText }
  | { type: "section"; block_id?: string; text: SlackText }
  | { type: "section"; block_id?: string; fields: SlackText[] }
  | { type: "context"; block_id?: string; elements: SlackText[] }
  | { type: "actions"; block_id?: string; elements: SlackButton[] };

export interface SlackMessage {
  text: string;
  blocks?: SlackBlock[];
  unfurl_links: false;
  unfurl_media: false;
}

const limits = slackLimits;
/** Ours: Slack refuses the whole of a message whose blocks hold more than some 13,000 characters in all. */
const totalUnitsMax = 12_000;
const noteUnitsMax = 1_000;
const factUnitsMax = 300;
const alertUnitsMax = 700;

const unfurls = { unfurl_links: false, unfurl_media: false } as const;

/** The whole message, by importance: headline and answer survive everything, then the note and the facts, then as many alerts as
 *  fit, of which the rest is counted. With buttons only where what is clicked comes back to us, and then with the destination that
 *  knows how to verify it. */
export function renderSlack(
  unclean: IncidentMessage,
  { buttonsFor }: { buttonsFor: string | null },
): SlackMessage {
  const message = cleanMessage(unclean);
  const head: SlackBlock[] = [
    { type: "header", text: plain(sayHeadline(message), limits.headerLengthMax) },
    section(message.answer, limits.textObjectLengthMax),
    ...(message.note === null || message.note === ""
      ? []
      : [{ type: "context" as const, elements: [mrkdwn(message.note, noteUnitsMax)] }]),
    {
      type: "section",
      fields: listFacts(message)
        .slice(0, limits.fieldsMax)
        .map(({ label, text }) => mrkdwn(text, factUnitsMax, `*${label}*\n`)),
    },
    { type: "context", elements: [mrkdwn(sayCounts(message), noteUnitsMax)] },
  ];
  const tail = renderTail(message, buttonsFor);
  const room = totalUnitsMax - unitsOf(head) - unitsOf(tail);
  const alerts = renderAlerts(message, room);
  return { text: renderText(message), blocks: [...head, ...alerts, ...tail], ...unfurls };
}

/** What is sent when the blocks were refused: the page matters more than its looks. */
export function renderSlackPlain(unclean: IncidentMessage): SlackMessage {
  return { text: renderText(cleanMessage(unclean)), ...unfurls };
}

/** What happened since, for the thread below the message. */
export function renderSlackReply(unclean: IncidentMessage): SlackMessage {
  const message = cleanMessage(unclean);
  const why = message.note === null || message.note === "" ? message.answer : message.note;
  const by = message.kind === "acknowledged" ? message.acknowledgedBy : null;
  const what = `${sayKind(message.kind)}${by === null ? "" : ` by ${by}`}: ${why}`;
  return { text: escapeWithin(what, limits.messageTextLengthMax), ...unfurls };
}

function renderText(message: IncidentMessage): string {
  const link = message.incidentUrl === null ? "" : `\n<${linkAddress(message.incidentUrl)}>`;
  const words = `${sayHeadline(message)}\n${message.answer}`;
  const room = limits.messageTextLengthMax - link.length;
  return room > limits.headerLengthMax
    ? `${escapeWithin(words, room)}${link}`
    : escapeWithin(words, limits.messageTextLengthMax);
}

function renderAlerts(message: IncidentMessage, room: number): SlackBlock[] {
  const blocks: SlackBlock[] = [];
  let left = room - 100; // For the line that counts the rest.
  for (const alert of message.alerts.slice(0, limits.alertsMax)) {
    const block = renderAlert(alert);
    left -= unitsOf([block]);
    if (left < 0) break;
    blocks.push(block);
  }
  const omitted = sayOmitted(message, blocks.length);
  return omitted === null
    ? blocks
    : [...blocks, { type: "context", elements: [mrkdwn(omitted, noteUnitsMax)] }];
}

function renderAlert({ state, monitorName, target, sentence }: MessageAlert): SlackBlock {
  const mark = state === "firing" ? ":red_circle:" : ":white_check_mark:";
  const about = [monitorName, target].filter((part) => part !== "").join(", ");
  const words = [about, sentence].filter((part) => part !== "").join(": ");
  return section(words === "" ? "An alert without words" : words, alertUnitsMax, `${mark} `);
}

/** In bot mode what is linked is a button; a webhook's button would be answered by nobody, and Slack would warn of it. */
function renderTail(message: IncidentMessage, buttonsFor: string | null): SlackBlock[] {
  const { incidentUrl, runbookUrl, incidentId, sequence, state, kind } = message;
  const links = [
    ...(incidentUrl === null ? [] : [{ label: sayLink(message), url: incidentUrl }]),
    ...(runbookUrl === null ? [] : [{ label: sayReference(message), url: runbookUrl }]),
  ].filter(({ url }) => linkAddress(url).length < limits.buttonUrlLengthMax - 100);
  if (buttonsFor === null) {
    const text = links.map(({ label, url }) => `<${linkAddress(url)}|${label}>`);
    // Each in an element of its own: two long addresses would not fit into one.
    return text.length === 0
      ? []
      : [{ type: "context", elements: text.map((link) => ({ type: "mrkdwn", text: link })) }];
  }
  const value = `${buttonsFor}.${incidentId}`;
  const isOpen = state === "triggered" || state === "acknowledged" || state === "mitigated";
  const elements: SlackButton[] = [
    ...(isOpen && state === "triggered" && kind !== "test"
      ? [button("acknowledge", "Acknowledge", { value, style: "primary" })]
      : []),
    ...(isOpen && kind !== "test"
      ? [
          button("resolve", "Resolve", {
            value,
            confirm: {
              title: plain("Resolve this incident?", limits.confirmTitleLengthMax),
              text: plain("It opens again if its alerts go on.", limits.confirmTextLengthMax),
              confirm: plain("Resolve", limits.confirmButtonLengthMax),
              deny: plain("Leave it open", limits.confirmButtonLengthMax),
            },
          }),
        ]
      : []),
    ...links.map(({ label, url }, index) => button(`link_${index}`, label, { url })),
  ];
  // Slack asks for another block_id whenever a message is updated.
  return elements.length === 0
    ? []
    : [{ type: "actions", block_id: `actions:${incidentId}:${sequence}`, elements }];
}

const button = (id: string, label: string, rest: Partial<SlackButton>): SlackButton => ({
  type: "button",
  action_id: `incident_${id}`,
  text: plain(label, limits.buttonTextLengthMax),
  ...rest,
});

function plain(text: string, unitsMax: number): SlackText {
  return { type: "plain_text", text: cutUnits(cleanLine(text), unitsMax) };
}

function mrkdwn(text: string, unitsMax: number, prefix = ""): SlackText {
  return { type: "mrkdwn", text: `${prefix}${escapeWithin(text, unitsMax - prefix.length)}` };
}

function section(text: string, unitsMax: number, prefix = ""): SlackBlock {
  return { type: "section", text: mrkdwn(text, unitsMax, prefix) };
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

const escapeAll = (text: string) => text.replace(/[&<>]/g, (sign) => entities[sign] ?? sign);

/** Escaped before it is measured, and never cut inside an entity or a pair. */
function escapeWithin(text: string, unitsMax: number): string {
  const whole = escapeAll(text);
  if (whole.length <= unitsMax) return whole;
  let kept = "";
  for (const point of text) {
    const escaped = entities[point] ?? point;
    if (kept.length + escaped.length > unitsMax - 1) break;
    kept += escaped;
  }
  return `${kept.trimEnd()}…`;
}

/** Inside a link a bar begins its label. */
const linkAddress = (url: string) => escapeAll(url.replaceAll("|", "%7C"));

function unitsOf(blocks: readonly SlackBlock[]): number {
  return blocks.flatMap(textsOf).reduce((sum, text) => sum + text.length, 0);
}

function textsOf(block: SlackBlock): string[] {
  switch (block.type) {
    case "header":
      return [block.text.text];
    case "section":
      return "fields" in block ? block.fields.map(({ text }) => text) : [block.text.text];
    case "context":
      return block.elements.map(({ text }) => text);
    case "actions":
      return block.elements.flatMap(({ text, url }) => [text.text, url ?? ""]);
  }
}
