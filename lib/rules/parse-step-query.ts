import type {
  NextStep,
  QueryKind,
  QueryReference,
  QueryTarget,
  QueryWindow,
  StepQuery,
} from "#lib/domain/runbook.ts";
import {
  queryKinds,
  queryReferences,
  queryStatistics,
  targetsOfQuery,
} from "#lib/domain/runbook.ts";
import { parseExpectation } from "./parse-expectation.ts";

export interface Field {
  value: string;
  line: number;
}
export type Report = (line: number, message: string) => void;
type Fields = ReadonlyMap<string, Field>;

export const queryFields = [
  "ask",
  "of",
  "model",
  "segment",
  "window",
  "compare",
  "least",
  "expect",
  "in range",
  "out of range",
  "cannot say",
] as const;

/** What a query step asks. Null where not even the statistic can be read. */
export function parseStepQuery(fields: Fields, line: number, report: Report): StepQuery | null {
  const asked = readAsk(fields.get("ask"), line, report);
  if (asked === null) return null;
  const { kind, statistic } = asked;
  const { target, feature } = readTarget(fields.get("of"), kind, statistic, report);
  const expected = fields.get("expect");
  const expect = expected === undefined ? null : parseExpectation(expected.value, kind, statistic);
  if (typeof expect === "string") report(expected?.line ?? line, expect);
  const range = typeof expect === "string" ? null : expect;
  const reference = readReference(fields.get("compare"), kind, report);
  const isRelative = range?.kind === "range" && range.isRelative;
  if (isRelative && (kind === "drift" || kind === "skew"))
    report(
      expected?.line ?? line,
      `${kind} already is a comparison; expected a bound without \`of reference\``,
    );
  if (isRelative && (reference === "baseline" || reference === "trailing"))
    report(
      fields.get("compare")?.line ?? line,
      "a share of the reference needs one of the same length: expected `previous` or `last week`",
    );
  if (fields.has("compare") && !isRelative && !isComparison(kind))
    report(
      fields.get("compare")?.line ?? line,
      `${kind} is compared with nothing unless it is expected \`of reference\``,
    );
  const branch = (name: string) => readNext(fields.get(name), report);
  const [inRange, outOfRange, cannotSay] = [
    branch("in range"),
    branch("out of range"),
    branch("cannot say"),
  ];
  if (expected === undefined)
    for (const name of ["in range", "out of range"])
      if (fields.has(name))
        report(fields.get(name)?.line ?? line, `\`${name}\` needs a line \`expect: ...\``);
  return {
    kind,
    statistic,
    target,
    feature,
    model: readModel(fields.get("model"), report),
    segment: readSegment(fields.get("segment"), report),
    window: readWindow(fields.get("window"), report),
    reference,
    sampleMin: readLeast(fields.get("least"), report),
    expect: range,
    inRange: inRange ?? { kind: "next" },
    outOfRange: outOfRange ?? { kind: "next" },
    cannotSay,
  };
}

const isComparison = (kind: QueryKind) => kind === "drift" || kind === "quality";

function readAsk(
  field: Field | undefined,
  line: number,
  report: Report,
): { kind: QueryKind; statistic: string } | null {
  if (field === undefined) {
    report(line, "expected a line `ask: <kind> <statistic>`, as `ask: drift psi`");
    return null;
  }
  const [word = "", statistic = "", ...more] = field.value.split(/\s+/);
  const kind = queryKinds.find((one) => one === word.toLowerCase());
  if (kind === undefined) {
    report(field.line, `\`${word}\` can't be asked; expected one of ${queryKinds.join(", ")}`);
    return null;
  }
  const known: readonly string[] = queryStatistics[kind];
  if (!known.includes(statistic)) {
    const found = statistic === "" ? "found none" : `found \`${statistic}\``;
    report(field.line, `expected a statistic of ${kind}: ${known.join(", ")}; ${found}`);
    return null;
  }
  if (more.length > 0)
    report(field.line, `expected nothing after the statistic; found \`${more.join(" ")}\``);
  return { kind, statistic };
}

function readTarget(
  field: Field | undefined,
  kind: QueryKind,
  statistic: string,
  report: Report,
): { target: QueryTarget; feature: string | null } {
  const allowed = targetsOfQuery(kind, statistic);
  const usual = { target: allowed[0] ?? "model", feature: null };
  if (field === undefined) return usual;
  const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(field.value) ?? [];
  const target = allowed.find((one) => one === word);
  const refuse = (message: string) => {
    report(field.line, message);
    return usual;
  };
  if (target === undefined)
    return refuse(
      `${kind} ${statistic} can't be taken of \`${word}\`; expected one of ${allowed.join(", ")}`,
    );
  if (target === "feature") {
    if (rest === "") return refuse("expected the feature's name, as `of: feature dep_delay`");
    // The incident's own feature is what `incident` stands for.
    if (/^\{\{\s*incident\.feature\s*\}\}$/.test(rest))
      return { target: "incident", feature: null };
    if (rest.includes("{{")) return refuse("only `{{incident.feature}}` can stand for a feature");
    if (rest.length > 128) return refuse("expected a feature's name of at most 128 characters");
    return { target, feature: rest };
  }
  if (rest !== "") return refuse(`expected nothing after \`${word}\`; found \`${rest}\``);
  return { target, feature: null };
}

function readModel(field: Field | undefined, report: Report): string | null {
  if (field === undefined || /^\{\{\s*incident\.model\s*\}\}$/.test(field.value)) return null;
  if (field.value.includes("{{"))
    report(field.line, "only `{{incident.model}}` can stand for a model");
  if (field.value.length > 128)
    report(field.line, "expected a model's name of at most 128 characters");
  return field.value;
}

const segmentValueLengthMax = 1_024;

function readSegment(field: Field | undefined, report: Report): StepQuery["segment"] {
  if (field === undefined || /^\{\{\s*incident\.segment\s*\}\}$/.test(field.value))
    return "incident";
  if (field.value === "incident") return "incident";
  if (field.value === "none") return null;
  const [, key = "", value = ""] = /^([^=]{1,128})=(.*)$/.exec(field.value) ?? [];
  if (key === "" || value.length > segmentValueLengthMax) {
    report(
      field.line,
      `expected \`incident\`, \`none\` or \`key=value\`; found \`${field.value.slice(0, 80)}\``,
    );
    return "incident";
  }
  return { key: key.trim(), value: value.trim() };
}

const minuteMs = 60_000;
const lengths: Readonly<Record<string, number>> = {
  min: minuteMs,
  h: 60 * minuteMs,
  d: 1_440 * minuteMs,
};
const windowBounds = { leastMs: 5 * minuteMs, mostMs: 31 * 1_440 * minuteMs } as const;

function readWindow(field: Field | undefined, report: Report): QueryWindow {
  const usual: QueryWindow = { kind: "evidence" };
  if (field === undefined) return usual;
  const text = field.value.toLowerCase();
  if (text === "evidence" || text === "impact") return { kind: text };
  const [, number, unit = ""] = /^last\s+(\d{1,6})\s*(min|h|d)$/.exec(text) ?? [];
  if (number === undefined) {
    report(
      field.line,
      `expected \`evidence\`, \`impact\` or \`last 24 h\` (min, h or d); found \`${field.value.slice(0, 80)}\``,
    );
    return usual;
  }
  const lengthMs = Number(number) * (lengths[unit] ?? 0);
  if (lengthMs < windowBounds.leastMs || lengthMs > windowBounds.mostMs) {
    report(field.line, `expected a window from 5 min to 31 d; found \`${number} ${unit}\``);
    return usual;
  }
  return { kind: "last", lengthMs };
}

function readReference(field: Field | undefined, kind: QueryKind, report: Report): QueryReference {
  const usual = isComparison(kind) ? "baseline" : "last_week";
  if (field === undefined) return usual;
  const word = field.value.toLowerCase().replaceAll(/\s+/g, "_");
  const found = queryReferences.find((one) => one === word);
  if (found !== undefined) return found;
  report(
    field.line,
    `can't be compared with \`${field.value.slice(0, 60)}\`; expected one of ${queryReferences.join(", ").replaceAll("_", " ")}`,
  );
  return usual;
}

function readLeast(field: Field | undefined, report: Report): number | null {
  if (field === undefined) return null;
  const value = Number(field.value);
  if (Number.isInteger(value) && value >= 1 && value <= 1_000_000) return value;
  report(
    field.line,
    `expected a whole number of values from 1 to 1000000; found \`${field.value.slice(0, 60)}\``,
  );
  return null;
}

export function readNext(field: Field | undefined, report: Report): NextStep | null {
  if (field === undefined) return null;
  const id = field.value;
  if (id === "next" || id === "end") return { kind: id };
  if (/^[a-z][a-z0-9-]*$/.test(id)) return { kind: "step", id };
  report(
    field.line,
    `expected the name of a step, \`next\` or \`end\`; found \`${id.slice(0, 60)}\``,
  );
  return null;
}
