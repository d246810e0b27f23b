"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { destinationListQuery } from "#lib/api/destination.ts";
import { policyListQuery } from "#lib/api/escalation.ts";
import { memberListQuery } from "#lib/api/member.ts";
import { modelListQuery } from "#lib/api/model.ts";
import type { Team } from "#lib/api/team.ts";
import { createTeam, updateTeam } from "#lib/api/team.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { CheckList } from "../ui/check-list.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";

export function TeamDialog({
  workspace,
  team,
  isOpen,
  onOpenChange,
}: {
  workspace: string;
  team: Team | null;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={team === null ? "Make a team" : `The team "${team.name}"`}
    >
      <TeamForm workspace={workspace} team={team} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function TeamForm({
  workspace,
  team,
  onDone,
}: {
  workspace: string;
  team: Team | null;
  onDone: () => void;
}) {
  const client = useQueryClient();
  const members = useQuery(memberListQuery(workspace)).data?.members ?? [];
  const models = useQuery(modelListQuery(workspace)).data?.models ?? [];
  const policies = useQuery(policyListQuery(workspace)).data?.policies ?? [];
  const destinations = useQuery(destinationListQuery(workspace)).data?.destinations ?? [];
  const [destinationIds, setDestinationIds] = useState(team?.destinationIds ?? []);
  const [name, setName] = useState(team?.name ?? "");
  const [memberIds, setMemberIds] = useState(team?.members.map(({ userId }) => userId) ?? []);
  const [owned, setOwned] = useState(team?.models ?? []);
  const [policyId, setPolicyId] = useState(team?.escalationPolicyId ?? "");
  const save = useMutation({
    mutationFn: async () => {
      const fields = {
        name,
        memberIds,
        models: owned,
        escalationPolicyId: policyId === "" ? null : policyId,
        destinationIds,
      };
      return team === null
        ? createTeam(workspace, fields)
        : updateTeam(workspace, { teamId: team.id, ...fields });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["team", workspace] });
      onDone();
    },
  });
  const failure = sayFailure(save.error);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field label="Name">
        {(control) => (
          <Input
            {...control}
            required
            autoFocus
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <CheckList
        label="Members"
        empty="Nobody is a member of this workspace."
        options={members.map((member) => ({ value: member.userId, label: member.name }))}
        value={memberIds}
        onChange={setMemberIds}
      />
      <CheckList
        label="Owns"
        empty="No model has sent a row yet."
        options={models.map((model) => ({ value: model.name, label: model.name }))}
        value={owned}
        onChange={setOwned}
      />
      <CheckList
        label="Told at"
        empty="No destination is set up; the page Destinations does it."
        options={destinations.map((one) => ({ value: one.id, label: one.name }))}
        value={destinationIds}
        onChange={setDestinationIds}
      />
      <Field label="Paged by">
        {({ id }) => (
          <Select
            id={id}
            label="Paged by"
            value={policyId}
            placeholder="The default policy"
            options={[
              { value: "", label: "The default policy" },
              ...policies.map((policy) => ({ value: policy.id, label: policy.name })),
            ]}
            onChange={setPolicyId}
          />
        )}
      </Field>
      {failure !== null && (
        <p role="alert" className="text-breach text-sm">
          {failure}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
        <Button kind="primary" type="submit" disabled={name.trim() === "" || save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
