"use client";

import { useQuery } from "@tanstack/react-query";
import { memberListQuery } from "#lib/api/member.ts";
import { teamListQuery } from "#lib/api/team.ts";
import { Select } from "../ui/select.tsx";

export type ItemOwner = { kind: "user" | "team"; id: string } | null;

const nobody = "*";

/** A person or a team. */
export function OwnerSelect({
  id,
  workspace,
  value,
  onChange,
}: {
  id?: string;
  workspace: string;
  value: ItemOwner;
  onChange: (owner: ItemOwner) => void;
}) {
  const members = useQuery(memberListQuery(workspace));
  const teams = useQuery(teamListQuery(workspace));
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      label="Owner"
      className="w-full"
      value={value === null ? nobody : `${value.kind}:${value.id}`}
      options={[
        { value: nobody, label: "Nobody yet" },
        ...(teams.data?.teams ?? []).map((team) => ({
          value: `team:${team.id}`,
          label: team.name,
          hint: "team",
        })),
        ...(members.data?.members ?? []).map((member) => ({
          value: `user:${member.userId}`,
          label: member.name,
        })),
      ]}
      onChange={(next) => {
        const [kind, ownerId = ""] = next.split(":");
        onChange(kind === "user" || kind === "team" ? { kind, id: ownerId } : null);
      }}
    />
  );
}
