import { formatInstant } from "./format-time.ts";
import { plural } from "./sentence.ts";
import type { TimeSeriesModel } from "./time-series-model.ts";

/** What happened at a moment, beside the values. */
export interface TimeMark {
  timeMs: number;
  kind: "change" | "incident";
  /** "Deployment: eta 7 to production". */
  text: string;
}

/** Marks that would lie over each other on the axis, drawn as one. */
export interface AxisMark {
  /** Of the first of them. */
  timeMs: number;
  /** An incident where there is one among them. */
  kind: TimeMark["kind"];
  /** All that are among them. */
  kinds: readonly TimeMark["kind"][];
  count: number;
  /** What it says when it is pointed at. */
  text: string;
}

/** Of the axis' length: nearer than that they can't be told apart. */
const joinedShare = 0.012;
const spokenMax = 8;

/** The chart with what happened on its time axis: drawn, told by the read-out of its bucket, and said to who can't see it. */
export function markTimeAxis(
  model: TimeSeriesModel,
  marks: readonly TimeMark[],
  zone: string,
): TimeSeriesModel {
  const within = marksWithin(marks, model.timeAxis.domain);
  const placed = placeMarks(marks, model.timeAxis.domain, zone);
  if (placed === null) return model;
  return {
    ...model,
    marks: placed.marks,
    sentence: `${model.sentence} ${placed.sentence}`,
    points: model.points.map((point) => {
      const here = within.filter(({ timeMs }) => timeMs >= point.fromMs && timeMs < point.untilMs);
      const lines = here.slice(0, spokenMax).map(({ kind, text }) => ({
        label: text,
        text: kind === "incident" ? "incident" : "change",
        color: null,
      }));
      return lines.length === 0 ? point : { ...point, lines: [...point.lines, ...lines] };
    }),
  };
}

/** The marks of any stretch of time, and what they say; null: none lies in it. */
export function placeMarks(
  marks: readonly TimeMark[],
  domain: readonly [number, number],
  zone: string,
): { marks: AxisMark[]; sentence: string } | null {
  const within = marksWithin(marks, domain);
  if (within.length === 0) return null;
  const [fromMs, untilMs] = domain;
  return {
    marks: joinMarks(within, (untilMs - fromMs) * joinedShare, zone),
    sentence: sayMarks(within, zone),
  };
}

const marksWithin = (marks: readonly TimeMark[], [fromMs, untilMs]: readonly [number, number]) =>
  marks
    .filter(({ timeMs }) => timeMs >= fromMs && timeMs <= untilMs)
    .sort((a, b) => a.timeMs - b.timeMs);

function joinMarks(marks: readonly TimeMark[], nearMs: number, zone: string): AxisMark[] {
  const groups: TimeMark[][] = [];
  for (const mark of marks) {
    const last = groups.at(-1);
    const first = last?.[0];
    if (last !== undefined && first !== undefined && mark.timeMs - first.timeMs <= nearMs)
      last.push(mark);
    else groups.push([mark]);
  }
  return groups.map((group) => {
    const shown = group.slice(0, spokenMax).map((mark) => sayMark(mark, zone));
    const rest = group.length - shown.length;
    return {
      timeMs: group[0]?.timeMs ?? 0,
      kind: group.some(({ kind }) => kind === "incident") ? "incident" : "change",
      kinds: [...new Set(group.map(({ kind }) => kind))],
      count: group.length,
      text: [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n"),
    };
  });
}

const sayMark = ({ text, timeMs }: TimeMark, zone: string) =>
  `${text}, ${formatInstant(timeMs, zone)}`;

function sayMarks(marks: readonly TimeMark[], zone: string): string {
  const changes = marks.filter(({ kind }) => kind === "change").length;
  const incidents = marks.length - changes;
  const counts = [
    ...(changes > 0 ? [`${changes} ${plural(changes, "change")}`] : []),
    ...(incidents > 0 ? [`${incidents} ${plural(incidents, "incident")}`] : []),
  ].join(" and ");
  const named = marks.slice(0, 3).map((mark) => sayMark(mark, zone));
  return `In this time: ${counts}${marks.length > 3 ? ", first" : ":"} ${named.join("; ")}.`;
}
