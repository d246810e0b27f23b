export interface CountedVersion {
  version: string;
  rowCount: number;
  firstSeenMs: number;
}

export interface ChosenVersions {
  champion: string;
  challenger: string;
}

/** The two that share most ids; where none do, the two with most rows. Of the two the champion is the one with more rows, and of
 *  equal ones the older. `counted` comes in that order. */
export function chooseVersions(
  counted: readonly CountedVersion[],
  candidates: readonly { first: string; second: string; idCount: number }[],
): ChosenVersions | null {
  const [best] = candidates;
  const pair =
    best === undefined ? counted : counted.filter(({ version }) => isOneOf(version, best));
  const [champion, challenger] = pair;
  if (champion === undefined || challenger === undefined) {
    return best === undefined ? null : { champion: best.first, challenger: best.second };
  }
  return { champion: champion.version, challenger: challenger.version };
}

const isOneOf = (version: string, { first, second }: { first: string; second: string }) =>
  version === first || version === second;
