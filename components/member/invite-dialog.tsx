"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { inviteMember, memberListQuery } from "#lib/api/member.ts";
import { roleSchema } from "#lib/domain/role.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";

export function InviteDialog({
  workspace,
  isOpen,
  onOpenChange,
}: {
  workspace: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<string>("editor");
  const invitation = useMutation({
    mutationFn: () =>
      inviteMember(workspace, { email: email.trim(), role: roleSchema.parse(role) }),
    onSuccess: () => client.invalidateQueries({ queryKey: memberListQuery(workspace).queryKey }),
  });
  const close = (next: boolean) => {
    if (!next && invitation.isSuccess) {
      invitation.reset();
      setEmail("");
    }
    onOpenChange(next);
  };
  const link = invitation.data?.link;
  return (
    <Dialog isOpen={isOpen} onOpenChange={close} title="Invite a person">
      {link === undefined ? (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            invitation.mutate();
          }}
        >
          <Field label="E-mail" error={sayFailure(invitation.error)}>
            {(control) => (
              <Input
                {...control}
                type="email"
                required
                autoFocus
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            )}
          </Field>
          <Field
            label="Role"
            help="Viewers look, editors also change, admins also manage keys and members."
          >
            {({ id }) => (
              <Select
                id={id}
                label="Role"
                value={role}
                options={roleSchema.options.map((value) => ({ value, label: value }))}
                onChange={setRole}
              />
            )}
          </Field>
          <div className="flex justify-end gap-2">
            <Button kind="quiet" onClick={() => close(false)}>
              Cancel
            </Button>
            <Button
              kind="primary"
              type="submit"
              disabled={email.trim() === "" || invitation.isPending}
            >
              {invitation.isPending ? "Inviting" : "Make the link"}
            </Button>
          </div>
        </form>
      ) : (
        <div className="flex flex-col gap-4">
          <div className="rounded-lg border border-accent/50 bg-selected px-3 py-2.5">
            <div className="flex items-center gap-2">
              <code className="min-w-0 flex-1 select-all break-all font-mono text-sm">{link}</code>
              <CopyButton text={link} label="Copy the link" />
            </div>
            <p className="mt-1 text-ink-2 text-xs">
              Send it to {email}. Whoever opens it within seven days joins; it is shown once.
            </p>
          </div>
          <Button kind="primary" className="self-end" onClick={() => close(false)}>
            Done
          </Button>
        </div>
      )}
    </Dialog>
  );
}
