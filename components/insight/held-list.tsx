import Link from "next/link";
import type { Insight } from "#lib/api/insight.ts";
import type { ItemOutcome } from "#lib/domain/insight.ts";
import { itemOutcomes } from "#lib/domain/insight.ts";
import { paths } from "../shell/paths.ts";

const names: Record<ItemOutcome, string> = {
  held: "held",
  came_back: "did not hold",
  reopened: "opened again",
  open: "not done yet",
  wont_do: "not to be done",
};

/** Which action items held: done, and the trouble has not come back since. */
export function HeldList({ workspace, insight }: { workspace: string; insight: Insight }) {
  const { counts, items } = insight.actionItems;
  const said = itemOutcomes.filter((outcome) => counts[outcome] > 0);
  return (
    <section aria-label="Which action items held">
      <h2 className="font-semibold text-base">Which action items held</h2>
      <p className="text-ink-3 text-xs">
        One holds when it is done and the trouble of its incident has not come back since.
      </p>
      {said.length === 0 ? (
        <p className="mt-2 text-ink-2 text-sm">None of these incidents has an action item.</p>
      ) : (
        <>
          <p className="mt-2 text-sm">
            {said.map((outcome) => `${counts[outcome]} ${names[outcome]}`).join(", ")}.
          </p>
          <ul className="mt-1">
            {items.map(({ number, title, incident, outcome, cameBackAs }) => (
              <li
                key={number}
                className="flex flex-wrap items-baseline gap-x-3 border-b py-2 text-sm last:border-b-0"
              >
                <span className="w-28 shrink-0 text-ink-2">{names[outcome]}</span>
                <span className="min-w-0 flex-1 basis-52 break-words">
                  <Link
                    href={paths.actionItem(workspace, number)}
                    prefetch={false}
                    className="text-accent hover:underline"
                  >
                    {title}
                  </Link>
                  <span className="block text-ink-3 text-xs">
                    of <IncidentLink workspace={workspace} number={incident} />
                    {cameBackAs !== null && (
                      <>
                        , came back as <IncidentLink workspace={workspace} number={cameBackAs} />
                      </>
                    )}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const IncidentLink = ({ workspace, number }: { workspace: string; number: number }) => (
  <Link
    href={paths.incident(workspace, number)}
    prefetch={false}
    className="text-accent hover:underline"
  >
    #{number}
  </Link>
);
