import type { Postmortem, PostmortemContent } from "#lib/api/postmortem.ts";
import { formatCountExact, formatDuration } from "#lib/charts/format-number.ts";
import { formatUtc } from "#lib/charts/format-time.ts";
import {
  actionItemKindNames,
  actionItemStateNames,
  priorityNames,
} from "#lib/charts/name-action-item.ts";
import {
  factorNames,
  postmortemStateNames,
  sayCost,
  sayDetection,
  sayLeftOut,
} from "#lib/charts/name-postmortem.ts";
import { severityNames } from "#lib/domain/incident.ts";

/** A postmortem as Markdown: what a person wrote stands as it was written, what stands in tables is escaped. */
export function renderPostmortem(postmortem: Postmortem): string {
  const { incident, title, state, edition, owner, reviewers, editions, sections } = postmortem;
  // An edition from before is what was published, whatever became of it since.
  const published = postmortem.isFrozen
    ? editions.find((one) => one.edition === edition)
    : undefined;
  const shown = postmortem.isFrozen ? "published" : state;
  const model = incident.model === null ? [] : [`${incident.model}, ${incident.environment}`];
  const head = [
    `# ${line(title)}`,
    "",
    table(
      ["", ""],
      [
        ["Incident", `#${incident.number}, ${severityNames[incident.severity]}`],
        ...model.map((text) => ["Model", text]),
        ["State", `${postmortemStateNames[shown]}, edition ${edition}`],
        ...(published === undefined ? [] : [["Published", time(published.publishedAt)]]),
        ...(owner === null ? [] : [["Owner", owner.name]]),
        ...(reviewers.length === 0
          ? []
          : [["Reviewers", reviewers.map(({ name }) => name).join(", ")]]),
      ],
    ),
  ];
  const bodies = sections.flatMap((section) => {
    const parts = [section.filled.trim(), ...renderExtra(postmortem, section)].filter(
      (part) => part !== "",
    );
    return [
      `## ${line(section.title)}`,
      "",
      parts.length === 0 ? "_Nothing was written._" : parts.join("\n\n"),
      "",
    ];
  });
  return `${[...head, "", ...bodies].join("\n").trimEnd()}\n`;
}

function renderExtra(
  content: PostmortemContent,
  { kind, factors }: PostmortemContent["sections"][number],
): string[] {
  switch (kind) {
    case "text":
      return [];
    case "impact":
      return renderImpact(content);
    case "timeline": {
      const shown = content.entries.filter(({ isIncluded }) => isIncluded);
      if (shown.length === 0) return [];
      return [
        table(
          ["Time", "What happened", "Evidence"],
          shown.map(({ occurredAt, text, link }) => [time(occurredAt), text, link]),
        ),
      ];
    }
    case "detection":
      if (content.detection === null) return [];
      return [
        `Replayed ${time(content.detection.replayedAt)}:`,
        table(
          ["Monitor", "What it would have said", "False alerts"],
          content.detection.rows.map((row) => [
            row.kind === "candidate" ? `${row.name} (considered)` : row.name,
            sayDetection(row),
            sayCost(row),
          ]),
        ),
        ...(content.detection.leftOutCount === 0 ? [] : [sayLeftOut(content.detection)]),
      ];
    case "factors":
      return factors.length === 0
        ? []
        : [
            factors
              .map((factor) => `- **${factorNames[factor.class]}**: ${line(factor.text)}`)
              .join("\n"),
          ];
    case "action_items":
      if (content.items.length === 0) return [];
      return [
        table(
          ["Item", "Kind", "Priority", "Owner", "Due", "State", "Tracker"],
          content.items.map((item) => [
            `A-${item.number} ${item.title}`,
            actionItemKindNames[item.kind],
            priorityNames[item.priority],
            item.owner ?? "nobody",
            item.dueOn ?? "",
            actionItemStateNames[item.state],
            item.trackerUrl,
          ]),
        ),
      ];
  }
}

function renderImpact({ impact }: PostmortemContent): string[] {
  const rows = [
    [
      "Predictions affected",
      impact.predictionCount === null
        ? `not known: ${impact.reason ?? ""}`
        : formatCountExact(impact.predictionCount),
    ],
    ["From", impact.from === null ? "not known" : time(impact.from)],
    ["Until", impact.until === null || impact.isOpen ? "not yet over" : time(impact.until)],
    ["Duration", impact.durationMs === null ? "not known" : formatDuration(impact.durationMs)],
    ...impact.segments.map(({ key, value, predictionCount }) => [
      `Segment ${key}=${value}`,
      predictionCount === null ? "not known" : `${formatCountExact(predictionCount)} predictions`,
    ]),
    ...impact.budgets.map(({ name, spentShare, badCount, unmeasuredCount }) => [
      `Error budget of ${name}`,
      spentShare === null
        ? "not measured"
        : `${Number((spentShare * 100).toPrecision(3))} % spent (${formatCountExact(badCount)} bad${unmeasuredCount === 0 ? "" : `, ${formatCountExact(unmeasuredCount)} unmeasured`})`,
    ]),
  ];
  return [table(["Figure", "Value"], rows)];
}

const time = (iso: string) => formatUtc(Date.parse(iso));
/** On one line, or it would end the heading or the row. */
const line = (text: string) => text.replace(/\s*[\r\n]+\s*/g, " ").trim();
const cell = (text: string) => line(text).replaceAll("\\", "\\\\").replaceAll("|", "\\|");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const write = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [write(head), `|${head.map(() => " --- |").join("")}`, ...rows.map(write)].join("\n");
}
