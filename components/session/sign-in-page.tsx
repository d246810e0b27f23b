"use client";

import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { getProviders, signIn } from "next-auth/react";
import { useState } from "react";
import { DoorFrame } from "../shell/door-frame.tsx";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { useIsHydrated } from "../ui/use-is-hydrated.ts";
import { safePath } from "./safe-path.ts";

const failures: Record<string, string> = {
  CredentialsSignin: "That e-mail and password do not belong together.",
  RateLimited: "Too many tries. Wait a minute, then try again.",
  AccessDenied: "This account may not sign in here. Ask an admin for an invitation.",
};
const otherFailure =
  "Signing in did not work. Try again; if it stays so, the server's log says why.";

export function SignInPage() {
  const search = useSearchParams();
  const callbackUrl = safePath(search.get("callbackUrl"));
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const isHydrated = useIsHydrated();
  const [failure, setFailure] = useState<string | null>(() => sayError(search.get("error")));
  const providers = useQuery({
    queryKey: ["providers"],
    queryFn: () => getProviders(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const hasSso = providers.data !== null && providers.data?.oidc !== undefined;

  const submit = async () => {
    setIsBusy(true);
    setFailure(null);
    try {
      const result = await signIn("credentials", { email, password, redirect: false });
      if (result?.ok === true && !result.error) {
        window.location.assign(callbackUrl);
        return;
      }
      setFailure(sayError(result?.error ?? "unknown"));
    } catch {
      setFailure("The server did not answer. Try again in a moment.");
    }
    setIsBusy(false);
  };

  return (
    <DoorFrame title="Sign in">
      <form
        className="flex flex-col gap-4"
        // Whatever sends it: a password never stands in an address.
        method="post"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field label="E-mail">
          {(control) => (
            <Input
              {...control}
              type="email"
              name="email"
              autoComplete="username"
              required
              autoFocus
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label="Password" error={failure}>
          {(control) => (
            <Input
              {...control}
              type="password"
              name="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <Button
          kind="primary"
          type="submit"
          disabled={!isHydrated || isBusy}
          className="h-9 justify-center"
        >
          {isBusy ? "Signing in" : "Sign in"}
        </Button>
        {hasSso && (
          <Button
            className="h-9 justify-center"
            onClick={() => void signIn("oidc", { callbackUrl })}
          >
            Single sign-on
          </Button>
        )}
      </form>
      <p className="mt-6 text-ink-3 text-xs">
        The first start prints an e-mail and a password, and writes them to{" "}
        <code className="font-mono">.plumbline/credentials.json</code>. Others join by invitation.
      </p>
    </DoorFrame>
  );
}

function sayError(code: string | null): string | null {
  if (code === null || code === "SessionRequired") return null;
  return failures[code] ?? otherFailure;
}
