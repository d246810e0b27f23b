export interface SeenVersion {
  version: string;
  firstSeenAt: Date;
  lastSeenAt: Date;
}

/** A version that has sent nothing for so long, while another went on, serves no more. */
const silentMs = 3_600_000;

/** Those of an environment's versions that may be the one that serves, the newest seen first. */
export function listServing<V extends SeenVersion>(versions: readonly V[]): V[] {
  const newestMs = Math.max(...versions.map(({ lastSeenAt }) => lastSeenAt.getTime()));
  return versions
    .filter(({ lastSeenAt }) => newestMs - lastSeenAt.getTime() < silentMs)
    .sort((a, b) => b.lastSeenAt.getTime() - a.lastSeenAt.getTime());
}

/** The version that a page is about where none is named: the one that serves most rows. The last one seen would be as often as not a
 *  shadow, which is logged after its champion. A shadow may answer every request too: of versions with half as many rows at
 *  least, the one that was there first. Null without versions. */
export function chooseVersion(
  versions: readonly SeenVersion[],
  rowCountOf: (version: string) => number,
): string | null {
  const serving = listServing(versions);
  const most = Math.max(0, ...serving.map(({ version }) => rowCountOf(version)));
  if (most === 0) return serving[0]?.version ?? null;
  const [first] = serving
    .filter(({ version }) => rowCountOf(version) * 2 >= most)
    .sort((a, b) => a.firstSeenAt.getTime() - b.firstSeenAt.getTime());
  return first?.version ?? null;
}
