"use client";

import { Dialog } from "../ui/dialog.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { modelPages } from "./paths.ts";
import { railEntries } from "./rail-entries.ts";

export function KeyHelp({ hasModel, onClose }: { hasModel: boolean; onClose: () => void }) {
  const groups = [
    {
      title: "Anywhere",
      keys: [
        { keys: ["Ctrl", "K"], does: "Search pages, models and actions" },
        { keys: ["?"], does: "This list" },
        { keys: ["/"], does: "The page's own search" },
        { keys: ["["], does: "Narrow or widen the rail" },
        { keys: ["Esc"], does: "Close what is open" },
      ],
    },
    {
      title: "Lists and maps",
      keys: [
        { keys: ["j"], does: "Next row" },
        { keys: ["k"], does: "Row before" },
        { keys: ["Enter"], does: "Open the row" },
        { keys: ["←", "→", "↑", "↓"], does: "Move over a heat map or a chart" },
        { keys: ["a"], does: "Acknowledge the incident" },
      ],
    },
    {
      title: "Go to",
      keys: railEntries("").map(({ key, label }) => ({ keys: ["g", key], does: label })),
    },
    ...(hasModel
      ? [
          {
            title: "Go to, in this model",
            keys: modelPages.map(({ key, label }) => ({ keys: ["g", key], does: label })),
          },
        ]
      : []),
  ];
  return (
    <Dialog isOpen onOpenChange={onClose} title="Keys">
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1 font-medium text-ink-3 text-xs">{group.title}</h3>
            <dl>
              {group.keys.map(({ keys, does }) => (
                <div key={does} className="flex h-7 items-center justify-between gap-3 text-sm">
                  <dt className="order-2 flex gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dt>
                  <dd className="truncate">{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
