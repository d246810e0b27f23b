"use client";

import { paths } from "./paths.ts";

/** Loaded when somebody leaves: nothing before needs it. */
export async function signOutOfHere(): Promise<void> {
  const { signOut } = await import("next-auth/react");
  await signOut({ callbackUrl: paths.signIn });
}
