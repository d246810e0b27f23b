"use client";

import { useUrlState } from "../shell/use-url-state.ts";
import { CodeBlock } from "../ui/code-block.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { snippets } from "./snippets.ts";

const languages = [
  { value: "python", label: "Python" },
  { value: "typescript", label: "TypeScript" },
  { value: "curl", label: "curl" },
] as const;

export function CodeTabs({ url, apiKey }: { url: string; apiKey: string | null }) {
  const { get, set } = useUrlState();
  const chosen = languages.find(({ value }) => value === get("code"))?.value ?? "python";
  const input = { url, apiKey: apiKey ?? "YOUR_KEY" };
  return (
    <>
      <Tabs
        label="Language"
        value={chosen}
        onChange={(code) => set({ code }, "replace")}
        tabs={languages.map(({ value, label }) => ({
          value,
          label,
          content: <CodeBlock label={label} code={snippets[value](input)} />,
        }))}
      />
      {apiKey === null && (
        <p className="mt-2 text-ink-3 text-xs">
          The key of step 1 is filled in once it was created.
        </p>
      )}
    </>
  );
}
