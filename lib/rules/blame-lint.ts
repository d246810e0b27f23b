/** A place in a text that puts somebody rather than something in the wrong, and what to write in its stead. */
export interface BlameWarning {
  rule: BlameRule;
  /** Of the text, in UTF-16 units: from inclusive, until exclusive. */
  from: number;
  until: number;
  found: string;
  suggestion: string;
}

export type BlameRule =
  | "name"
  | "hindsight"
  | "judgement"
  | "single_cause"
  | "why_question"
  | "animated";

interface Phrase {
  rule: BlameRule;
  pattern: string;
  suggestion: string;
}

const phrases: readonly Phrase[] = [
  {
    rule: "hindsight",
    pattern:
      "(?:should|ought to)(?: have|['’]ve| of)(?: \\w+)?|should(?:n['’]t| not) have(?: \\w+)?|could have (?:noticed|seen|prevented|checked|caught|avoided|known)",
    suggestion: "Say what was known at the time, and what the system let happen.",
  },
  {
    rule: "hindsight",
    pattern:
      "failed to (?:notice|see|check|realise|realize|follow|test|read)|forgot to|neglected to|obviously|clearly should|it was obvious",
    suggestion: "Say what was there to be seen, where, and what hid it.",
  },
  {
    rule: "judgement",
    pattern:
      "careless(?:ly|ness)?|negligent(?:ly)?|negligence|lazy|laziness|stupid(?:ly|ity)?|incompeten(?:t|ce)|sloppy|sloppiness|reckless(?:ly|ness)?|irresponsible|ignorant|to blame|at fault|\\p{L}+['’]s fault|blame[sd]?|culprit|guilty",
    suggestion:
      "Say what happened and what made it easy to happen; leave out the verdict on people.",
  },
  {
    rule: "single_cause",
    pattern: "human error|operator error|user error|pilot error",
    suggestion:
      "A slip is where the questions begin: say what made it possible and what did not catch it.",
  },
  {
    rule: "single_cause",
    pattern: "the root cause|root cause was|sole cause|single cause",
    suggestion: "There are several contributing factors: name this as one of them.",
  },
  {
    rule: "why_question",
    pattern:
      "why (?:didn['’]t|did not|wasn['’]t|weren['’]t|did|hadn['’]t|couldn['’]t) (?:you|he|she|they|we|anyone|anybody|nobody|somebody|the \\w+)|who (?:did|broke|caused|approved|missed|deployed|pushed)",
    suggestion: "Ask what or how: what did they see, how did it look right?",
  },
  {
    rule: "animated",
    pattern:
      "horrible|horribly|disaster(?:ous)?|disastrous(?:ly)?|catastroph(?:e|ic|ically)|nightmare|ridiculous(?:ly)?|unacceptable|inexcusable|shockingly",
    suggestion: "Give the figure instead.",
  },
];

const wordBefore = "(?<![\\p{L}\\p{N}_])";
const wordAfter = "(?![\\p{L}\\p{N}_])";

const compiled = phrases.map(({ pattern, ...rest }) => ({
  ...rest,
  pattern: new RegExp(`${wordBefore}(?:${pattern})${wordAfter}`, "giu"),
}));

/** A name that is also a word would be found everywhere. */
const nameLengthMin = 3;

/** Warnings in the order of their places; none of two overlaps. `names` are those of the workspace's people, and are looked for
 *  only where causes are told: elsewhere a name may say who can answer. Never a reason to refuse. */
export function lintBlame(
  text: string,
  { names = [] }: { names?: readonly string[] } = {},
): BlameWarning[] {
  const found = [
    ...compiled.flatMap(({ rule, pattern, suggestion }) =>
      [...text.matchAll(pattern)].map((match) => toWarning(rule, match, suggestion)),
    ),
    ...findNames(text, names),
  ].sort((a, b) => a.from - b.from || b.until - a.until);
  const kept: BlameWarning[] = [];
  for (const warning of found) if (warning.from >= (kept.at(-1)?.until ?? 0)) kept.push(warning);
  return kept;
}

function toWarning(rule: BlameRule, match: RegExpExecArray, suggestion: string): BlameWarning {
  const [whole] = match;
  return {
    rule,
    from: match.index,
    until: match.index + whole.length,
    found: whole,
    suggestion,
  };
}

/** Whole names, and each of their words that is written with a capital as a name is. */
function findNames(text: string, names: readonly string[]): BlameWarning[] {
  const parts = [
    ...new Set(
      names
        .flatMap((name) => [name.trim(), ...name.trim().split(/\s+/)])
        .filter((part) => part.length >= nameLengthMin && /^\p{Lu}/u.test(part)),
    ),
  ].sort((a, b) => b.length - a.length);
  if (parts.length === 0) return [];
  const pattern = new RegExp(
    `${wordBefore}@?(?:${parts.map(escapePattern).join("|")})${wordAfter}`,
    "gu",
  );
  return [...text.matchAll(pattern)].map((match) =>
    toWarning("name", match, 'Write of the role: "the on-call responder", "the reviewer".'),
  );
}

const escapePattern = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
