import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { ConsoleFrame } from "#components/shell/console-frame.tsx";
import { railCookie } from "#components/shell/theme.ts";

export default async function ConsoleLayout({
  params,
  children,
}: {
  params: Promise<{ workspace: string }>;
  children: ReactNode;
}) {
  const { workspace } = await params;
  const jar = await cookies();
  return (
    <ConsoleFrame
      workspace={decodeURIComponent(workspace)}
      isRailNarrow={jar.get(railCookie)?.value === "narrow"}
    >
      {children}
    </ConsoleFrame>
  );
}
