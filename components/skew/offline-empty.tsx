"use client";

import { useUrlState } from "../shell/use-url-state.ts";
import { CodeBlock } from "../ui/code-block.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Tabs } from "../ui/tabs.tsx";

const languages = [
  { value: "python", label: "Python" },
  { value: "curl", label: "curl" },
] as const;

const snippets = {
  python: (url: string, model: string) => `import plumbline

client = plumbline.Client(api_key="YOUR_KEY", url="${url}", model="${model}")
rows = offline_store.read(prediction_ids)   # a frame: prediction_id, and one column a feature
client.log_features_frame(rows, source="offline_store", wait=60)`,
  curl: (url: string, model: string) => `curl ${url}/v1/features \\
  -H "Authorization: Bearer YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "prediction_id": "THE_PREDICTION", "source": "offline_store",
       "features": {"distance": 728, "origin": "ATL"}}'`,
} as const;

/** What to send, so that there is something to compare. */
export function OfflineEmpty({ model, hasOffline }: { model: string; hasOffline: boolean }) {
  const { get, set } = useUrlState();
  const chosen = languages.find(({ value }) => value === get("code"))?.value ?? "python";
  const url = typeof window === "undefined" ? "http://localhost:3000" : window.location.origin;
  return (
    <div className="flex flex-col gap-5">
      <EmptyState
        title={
          hasOffline
            ? "No prediction in this window has offline features"
            : `Nobody has said yet what ${model} should have been served`
        }
      >
        Training-serving skew is a feature that is computed in one way for training and in another
        for serving. Send what the offline store holds for predictions that were served, under their{" "}
        <span className="font-mono">prediction_id</span>: every pair is compared, value by value,
        within a minute.
      </EmptyState>
      <Tabs
        label="Language"
        value={chosen}
        onChange={(code) => set({ code }, "replace")}
        tabs={languages.map(({ value, label }) => ({
          value,
          label,
          content: <CodeBlock label={label} code={snippets[value](url, model)} />,
        }))}
      />
    </div>
  );
}
