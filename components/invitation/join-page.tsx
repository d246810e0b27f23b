"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { acceptInvitation } from "#lib/api/member.ts";
import { requestJson } from "#lib/api/request.ts";
import { sessionOutput } from "#lib/api/session.ts";
import { sayFailure } from "../request/query-view.tsx";
import { DoorFrame } from "../shell/door-frame.tsx";
import { paths } from "../shell/paths.ts";
import { useHash } from "../shell/use-hash.ts";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** Whoever is signed in joins as themselves; whoever is not makes an account. */
export function JoinPage() {
  const router = useRouter();
  const token = useHash();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const session = useQuery({
    queryKey: ["join"],
    queryFn: () => requestJson({ path: "/session", output: sessionOutput }).catch(() => null),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const person = session.data ?? null;
  const joining = useMutation({
    mutationFn: async () => {
      const answer = await acceptInvitation({
        token: token ?? "",
        ...(person === null && { name, password }),
      });
      if (person === null) {
        const { signIn } = await import("next-auth/react");
        await signIn("credentials", { email: answer.email, password, redirect: false });
      }
      return answer;
    },
    onSuccess: ({ workspace }) => router.push(paths.fleet(workspace)),
  });
  const failure = sayFailure(joining.error);
  if (token === "")
    return (
      <DoorFrame title="This link is not whole">
        <p className="text-ink-2 text-sm">
          Copy it again, up to its last letter, or ask for a new invitation.
        </p>
      </DoorFrame>
    );
  return (
    <DoorFrame title="Join the workspace">
      {session.isPending || token === null ? (
        <Skeleton className="h-32 w-full" />
      ) : (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            joining.mutate();
          }}
        >
          {person === null ? (
            <>
              <Field label="Name">
                {(control) => (
                  <Input
                    {...control}
                    required
                    autoFocus
                    autoComplete="name"
                    maxLength={120}
                    value={name}
                    onChange={(event) => setName(event.target.value)}
                  />
                )}
              </Field>
              <Field label="Password" help="The account is made for the address that was invited.">
                {(control) => (
                  <Input
                    {...control}
                    type="password"
                    required
                    autoComplete="new-password"
                    maxLength={200}
                    value={password}
                    onChange={(event) => setPassword(event.target.value)}
                  />
                )}
              </Field>
            </>
          ) : (
            <p className="text-ink-2 text-sm">
              You are signed in as {person.user.name} ({person.user.email}).
            </p>
          )}
          {failure !== null && (
            <p role="alert" className="text-breach text-sm">
              {failure}
            </p>
          )}
          <Button
            kind="primary"
            type="submit"
            disabled={joining.isPending}
            className="h-9 justify-center"
          >
            {joining.isPending ? "Joining" : "Join"}
          </Button>
        </form>
      )}
    </DoorFrame>
  );
}
