"use client";

import { useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import Link from "next/link";
import type { Postmortem } from "#lib/api/postmortem.ts";
import { postmortemQuery } from "#lib/api/postmortem.ts";
import { postmortemStateNames } from "#lib/charts/name-postmortem.ts";
import { severityNames } from "#lib/domain/incident.ts";
import { QueryView } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { SectionBody } from "./section-body.tsx";
import { SectionText } from "./section-view.tsx";

/** A postmortem as a document: nothing of the console around it, so that it prints well. */
export function PrintPage({ workspace, number }: { workspace: string; number: number }) {
  const { get } = useUrlState();
  const asked = Number(get("edition"));
  const edition = Number.isInteger(asked) && asked > 0 ? asked : undefined;
  const query = useQuery(postmortemQuery(workspace, number, edition));
  return (
    <article className="mx-auto w-full max-w-[820px] px-6 py-8 max-sm:px-4 print:max-w-none print:p-0">
      <div className="mb-6 flex gap-2 print:hidden">
        <Button kind="primary" onClick={() => window.print()}>
          <Printer size={14} aria-hidden />
          Print
        </Button>
        <Link href={paths.postmortem(workspace, number)} className={buttonClass({ kind: "quiet" })}>
          Back
        </Link>
      </div>
      <QueryView query={query} what={`The postmortem of #${number}`} skeleton={<SkeletonTable />}>
        {(postmortem) => <Document workspace={workspace} postmortem={postmortem} />}
      </QueryView>
    </article>
  );
}

function Document({ workspace, postmortem }: { workspace: string; postmortem: Postmortem }) {
  const { incident, title, state, edition, isFrozen, owner, reviewers, editions } = postmortem;
  const published = isFrozen ? editions.find((one) => one.edition === edition) : undefined;
  // What nobody had to write, and nobody wrote, is no part of the document.
  const sections = postmortem.sections.filter(
    ({ isRequired, kind, filled }) => isRequired || kind !== "text" || filled.trim() !== "",
  );
  return (
    <>
      <h1 className="font-semibold text-answer">{title}</h1>
      <p className="mt-1 text-ink-2 text-sm">
        Incident #{incident.number}, {severityNames[incident.severity]}
        {incident.model !== null && `, ${incident.model}, ${incident.environment}`}.{" "}
        {postmortemStateNames[isFrozen ? "published" : state]}, edition {edition}
        {published !== undefined && (
          <>
            , <TimeText iso={published.publishedAt} isAbsolute />
          </>
        )}
        .{owner !== null && ` Written by ${owner.name}`}
        {reviewers.length > 0 && `, reviewed by ${reviewers.map(({ name }) => name).join(", ")}`}
      </p>
      {sections.map((section) => (
        <section key={section.key} aria-label={section.title} className="mt-6">
          <h2 className="mb-2 break-after-avoid font-semibold text-lg">{section.title}</h2>
          <div className="flex flex-col gap-3">
            <SectionText section={section} isReadOnly />
            <SectionBody
              workspace={workspace}
              postmortem={postmortem}
              kind={section.kind}
              isReadOnly
            />
          </div>
        </section>
      ))}
    </>
  );
}
