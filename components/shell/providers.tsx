"use client";

import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useState } from "react";
import { RequestError } from "#lib/api/request.ts";
import { paths } from "./paths.ts";

const retriesMax = 2;

/** Who is not signed in is sent to sign in, and comes back to where they were. */
function leaveWhenSignedOut(error: unknown): void {
  if (!(error instanceof RequestError) || error.problem.status !== 401) return;
  if (window.location.pathname === paths.signIn) return;
  const back = `${window.location.pathname}${window.location.search}`;
  window.location.assign(`${paths.signIn}?callbackUrl=${encodeURIComponent(back)}`);
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failureCount, error) =>
          failureCount < retriesMax &&
          !(error instanceof RequestError && error.problem.status < 500),
      },
    },
  });
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(createQueryClient);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
