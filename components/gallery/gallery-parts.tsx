"use client";

import { useState } from "react";
import { RequestError } from "#lib/api/request.ts";
import { sentence } from "#lib/charts/sentence.ts";
import { healthStates, verdicts } from "#lib/domain/health.ts";
import { VerdictMark } from "../drift/verdict-mark.tsx";
import { SecretOnce } from "../key/secret-once.tsx";
import { RequestFailure } from "../request/query-view.tsx";
import { PageHeader } from "../shell/page-header.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { CodeBlock } from "../ui/code-block.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import { Specimen } from "./specimen.tsx";

const failure = new RequestError({
  type: "about:blank",
  title: "Service Unavailable",
  status: 503,
  code: "unavailable",
  detail: "The store did not answer within 5 s.",
  requestId: "req_01JD3Z8K",
});
const refusal = new RequestError({
  type: "about:blank",
  title: "Forbidden",
  status: 403,
  code: "forbidden",
  detail: "Creating keys takes the role admin; yours is viewer.",
  requestId: "req_01JD3Z9M",
});

/** The primitives, each in the states that it can be in. */
export function GalleryParts() {
  const [choice, setChoice] = useState<"id" | "entity">("id");
  const [picked, setPicked] = useState("psi");
  return (
    <>
      <Specimen name="answers">
        <div className="flex flex-col gap-3">
          {healthStates.map((health) => (
            <PageHeader
              key={health}
              crumbs={[
                { label: "Fleet", href: "#" },
                { label: "eta", href: null, isMono: true },
              ]}
              answer={{
                health,
                headline: sentence`The answer of a page that is ${health}.`,
                detail: sentence`The second line: sample sizes, what it is compared with, what to do next.`,
              }}
            />
          ))}
          <PageHeader crumbs={[{ label: "Waiting", href: null }]} answer={null} />
          <PageHeader crumbs={[{ label: "Failed", href: null }]} answer={null} isFailed />
        </div>
      </Specimen>
      <Specimen name="states and verdicts">
        <div className="flex flex-wrap gap-6 text-sm">
          {healthStates.map((status) => (
            <StatusMark key={status} status={status} />
          ))}
          {verdicts.map((verdict) => (
            <VerdictMark key={verdict} verdict={verdict} />
          ))}
        </div>
      </Specimen>
      <Specimen name="buttons">
        <div className="flex flex-wrap items-center gap-2">
          <Button kind="primary">Primary</Button>
          <Button>Plain</Button>
          <Button kind="quiet">Quiet</Button>
          <Button kind="danger">Danger</Button>
          <Button kind="primary" disabled>
            Disabled
          </Button>
          <Button size="sm">Small</Button>
          <Badge>inferred</Badge>
          <Badge isMono>2026.11.1</Badge>
          <Kbd>Ctrl K</Kbd>
        </div>
      </Specimen>
      <Specimen name="fields">
        <div className="grid max-w-3xl gap-4 sm:grid-cols-3">
          <Field label="Name" help="One line that helps, under the control.">
            {(control) => <Input {...control} placeholder="training" />}
          </Field>
          <Field label="Column" error="There is no column called distanse.">
            {(control) => <Input {...control} defaultValue="distanse" />}
          </Field>
          <Field label="Address" help="It can't be changed.">
            {(control) => <Input {...control} disabled value="demo" />}
          </Field>
        </div>
        <div className="mt-4 flex flex-wrap gap-2">
          <Select
            label="Statistic"
            value={picked}
            onChange={setPicked}
            options={[
              { value: "psi", label: "PSI" },
              { value: "ks", label: "Kolmogorov-Smirnov", hint: "numeric only" },
            ]}
          />
          <Segmented
            label="Search by"
            value={choice}
            onChange={setChoice}
            options={[
              { value: "id", label: "Prediction id" },
              { value: "entity", label: "Entity" },
            ]}
          />
        </div>
      </Specimen>
      <Specimen name="failed, and not permitted">
        <div className="flex max-w-3xl flex-col gap-4">
          <RequestFailure
            title="The drift of eta could not be loaded"
            error={failure}
            onRetry={() => {}}
          />
          <RequestFailure title="The key could not be created" error={refusal} onRetry={null} />
        </div>
      </Specimen>
      <Specimen name="empty">
        <EmptyState
          title="There is nothing to compare eta with"
          action={<Button kind="primary">Upload a baseline</Button>}
        >
          Drift is the distance between what a model was trained on and what it sees now.
        </EmptyState>
      </Specimen>
      <Specimen name="waiting, and working">
        <div className="flex flex-col gap-4">
          <SkeletonTable rows={3} />
          <div className="max-w-sm">
            <ProgressBar label="12.3 MB of 41.2 MB" done={12.3} total={41.2} />
          </div>
        </div>
      </Specimen>
      <Specimen name="code and a secret">
        <div className="flex max-w-3xl flex-col gap-4">
          <CodeBlock
            label="Python"
            code={
              'import plumbline\n\nclient = plumbline.Client(api_key="YOUR_KEY", url="http://localhost:3000")'
            }
          />
          <SecretOnce secret="an-example-that-opens-nothing" />
        </div>
      </Specimen>
    </>
  );
}
