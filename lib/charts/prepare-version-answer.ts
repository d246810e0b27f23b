import type { ComparedMetric, VersionComparison, VersionList } from "#lib/api/version.ts";
import { formatCount, formatNumber, formatShare } from "./format-number.ts";
import { firstMetric, nameMetric } from "./name-metric.ts";
import { nameMatched } from "./prepare-comparison.ts";
import { sayDifference } from "./say-difference.ts";
import type { Answer, Sentence } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

/** Which version should serve, and how sure is that? */
export function prepareVersionAnswer(
  list: VersionList,
  comparison: VersionComparison,
  rangeText: string,
): Answer {
  const model = name(list.model);
  const [only, ...others] = list.versions;
  if (only === undefined && list.isWaiting)
    return {
      health: "unknown",
      headline: sentence`Cannot say yet which versions of ${model} made predictions in ${list.environment} ${rangeText}.`,
      detail: sentence`Stored rows wait to be profiled; the System page shows the progress.`,
    };
  if (only === undefined)
    return {
      health: "unknown",
      headline: sentence`No version of ${model} made a prediction in ${list.environment} ${rangeText}.`,
      detail: sentence`Take a longer range or another environment.`,
    };
  if (others.length === 0 || comparison.champion === null || comparison.challenger === null)
    return {
      health: null,
      headline: sentence`${model} was served by ${name(only.version)} alone ${rangeText}: ${figure(`${formatCount(only.rowCount)} ${plural(only.rowCount, "prediction")}`)}.`,
      detail: sentence`Log a shadow's predictions with its own version and the same prediction_id, and the two are compared request by request.`,
    };
  const { kind, verdict } = comparison;
  const both = { champion: name(comparison.champion), challenger: name(comparison.challenger) };
  const { many, answered } = nameMatched(comparison);
  const where =
    kind === "matched"
      ? sentence`${figure(`${formatCount(verdict.labelledCount)} labelled`)} of the ${figure(formatCount(comparison.pairs?.count ?? 0))} ${many} that both ${answered}`
      : sentence`what each of them ${answered}`;
  return {
    health: isUndecided(comparison) ? "unknown" : null,
    headline: sayVerdict(comparison, both, where),
    detail: sentence`${sayTrade(comparison)}${sayTraffic(list)} ${sayMatch(comparison)}`,
  };
}

/** What a threshold trades: said, so that nobody takes it for the whole. */
function sayTrade({ verdict, metrics }: VersionComparison): Sentence {
  const say = (wanted: readonly string[], word: string) => {
    const said = metrics
      .filter(({ metric }) => wanted.includes(metric))
      .map(
        (one) =>
          `${nameMetric(one.metric)} ${sayDifference(one.metric, one.difference, null, null)}`,
      );
    return said.length === 0 ? [] : [`${word} ${said.join(", ")}`];
  };
  const parts = [...say(verdict.tradedUp, "better"), ...say(verdict.tradedDown, "worse")];
  return parts.length === 0 ? sentence`` : sentence`At its threshold: ${parts.join("; ")}. `;
}

type Names = { champion: ReturnType<typeof name>; challenger: ReturnType<typeof name> };

const isUndecided = ({ verdict }: VersionComparison) =>
  verdict.kind !== "better" && verdict.kind !== "worse" && verdict.kind !== "mixed";

function sayVerdict(
  comparison: VersionComparison,
  { champion, challenger }: Names,
  where: Sentence,
): Sentence {
  const { verdict, metrics, task } = comparison;
  const cannotTell = sentence`Cannot tell whether ${challenger} is better than ${champion}`;
  const of = (wanted: readonly string[]) => metrics.find(({ metric }) => wanted.includes(metric));
  switch (verdict.kind) {
    case "better":
      return sentence`${challenger} is better than ${champion}: ${sayMetric(of(verdict.betterBy))}, on ${where}.`;
    case "worse":
      return sentence`${challenger} is worse than ${champion}: ${sayMetric(of(verdict.worseBy))}, on ${where}.`;
    case "mixed":
      return sentence`${challenger} is better than ${champion} by one measure and worse by another: ${sayMetric(of(verdict.betterBy))}, but ${sayMetric(of(verdict.worseBy))}, on ${where}.`;
    case "cannot_tell": {
      const first = of([firstMetric(task) ?? ""]) ?? metrics[0];
      return sentence`${cannotTell} at n = ${figure(formatCount(verdict.labelledCount))}: ${sayMetric(first)}, within noise.`;
    }
    case "too_few_labels":
      return sentence`${cannotTell}: ${figure(`${verdict.labelledCount} labelled ${plural(verdict.labelledCount, task === "ranking" ? "group" : "row")}`)}, ${figure(String(verdict.labelledCountMin))} needed.`;
    case "no_labels": {
      const { many, answered } = nameMatched(comparison);
      return sentence`${cannotTell}: no labels have come for ${comparison.kind === "matched" ? `the ${many} that both ${answered}` : "one of them"}.`;
    }
    case "not_for_task":
      return sentence`${cannotTell}: versions are compared once it is known what the model does.`;
  }
}

/** "accuracy 0.9 against 0.75, +15 points (+9 to +21)". */
function sayMetric(one: ComparedMetric | undefined): Sentence {
  if (one === undefined) return sentence`no metric can be computed`;
  const rounded = (value: number) => formatNumber(Number(value.toPrecision(3)));
  const { metric, champion, challenger, difference, lower, upper } = one;
  return sentence`${nameMetric(metric)} ${figure(rounded(challenger))} against ${figure(rounded(champion))}, ${figure(sayDifference(metric, difference, lower, upper))}`;
}

function sayTraffic({ versions, rowCount }: VersionList): Sentence {
  const [first] = versions;
  if (first === undefined) return sentence``;
  return sentence`${figure(`${versions.length} versions`)} made ${figure(formatCount(rowCount))} predictions, ${name(first.version)} ${figure(formatShare(first.share))} of them.`;
}

function sayMatch({ kind, agreement, pairs, task }: VersionComparison): Sentence {
  if (kind === "unmatched")
    return sentence`They share no prediction_id, so each is judged by its own requests: whatever sets those apart is in the difference too.`;
  const agree =
    agreement === null
      ? sentence``
      : sentence`Both decide the same in ${figure(`${formatShare(agreement.share)} (${formatShare(agreement.lower)} to ${formatShare(agreement.upper)})`)} of ${figure(formatCount(agreement.count))}.`;
  return pairs?.isSampled === true
    ? sentence`${agree} Of more shared ${nameMatched({ task }).many} a sample is compared, chosen by the hash of their ids.`
    : agree;
}
