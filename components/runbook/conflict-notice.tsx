import type { Runbook } from "#lib/api/runbook.ts";
import { diffLines } from "#lib/rules/diff-lines.ts";
import { Button } from "../ui/button.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { DiffView } from "./diff-view.tsx";

/** Somebody saved first: both texts are there, and nothing is thrown away unasked. */
export function ConflictNotice({
  theirs,
  mine,
  onKeepMine,
  onTakeTheirs,
}: {
  theirs: Runbook;
  mine: string;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}) {
  return (
    <section
      role="alert"
      aria-label="It was changed meanwhile"
      className="flex flex-col gap-3 rounded-lg border border-breach/50 px-4 py-3"
    >
      <p className="text-sm">
        <strong className="font-semibold">{theirs.writtenBy}</strong> saved version {theirs.version}{" "}
        <TimeText iso={theirs.writtenAt} />, after you began. Yours is untouched below. This is what
        yours would change of theirs:
      </p>
      <DiffView lines={diffLines(theirs.body, mine)} />
      <div className="flex flex-wrap gap-2">
        <Button onClick={onKeepMine}>Go on with mine</Button>
        <Button kind="danger" onClick={onTakeTheirs}>
          Drop mine, take theirs
        </Button>
        <p className="self-center text-ink-3 text-xs">
          Going on with yours, the next save replaces their text; it stays in the history.
        </p>
      </div>
    </section>
  );
}
