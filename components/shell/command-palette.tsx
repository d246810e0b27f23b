"use client";

import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { incidentListQuery } from "#lib/api/incident.ts";
import { modelListQuery } from "#lib/api/model.ts";
import { sessionQuery } from "#lib/api/session.ts";
import { Kbd } from "../ui/kbd.tsx";
import { modelPages, paths } from "./paths.ts";
import { railEntries } from "./rail-entries.ts";
import { signOutOfHere } from "./sign-out.ts";
import { useTheme } from "./use-preference.ts";

export interface CommandPaletteProps {
  workspace: string;
  model: string | null;
  onClose: () => void;
}

const groupClass =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs";

/** Reaches every page, every model and every action without the mouse. */
export function CommandPalette({ workspace, model, onClose }: CommandPaletteProps) {
  const router = useRouter();
  const models = useQuery(modelListQuery(workspace));
  const incidents = useQuery(incidentListQuery(workspace, { state: "open", limit: 20 }));
  const session = useQuery(sessionQuery());
  const [, setTheme] = useTheme();
  const go = (href: string) => () => {
    onClose();
    router.push(href);
  };
  const act = (action: () => void) => () => {
    onClose();
    action();
  };
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[#0b0e1266]" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[min(600px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-lg bg-raised shadow-float focus:outline-none"
        >
          <Dialog.Title className="sr-only">Search</Dialog.Title>
          <Command loop>
            <Command.Input
              autoFocus
              placeholder="Go to a model, a page or an action"
              className="h-12 w-full border-b bg-transparent px-4 text-lg placeholder:text-ink-3 focus:outline-none"
            />
            <Command.List className="max-h-[min(420px,60vh)] overflow-y-auto p-1 pb-2">
              <Command.Empty className="px-3 py-6 text-ink-2 text-sm">
                Nothing is called that.
              </Command.Empty>
              {model !== null && (
                <Command.Group heading={model} className={groupClass}>
                  {modelPages.map(({ page, label, key }) => (
                    <Item
                      key={page}
                      value={`${model} ${label}`}
                      keys={["g", key]}
                      onSelect={go(paths.model(workspace, model, page))}
                    >
                      {label}
                    </Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading="Pages" className={groupClass}>
                {railEntries(workspace).map(({ label, href, key }) => (
                  <Item key={label} value={label} keys={["g", key]} onSelect={go(href)}>
                    {label}
                  </Item>
                ))}
                <Item value="Action items" onSelect={go(paths.actionItems(workspace))}>
                  Action items
                </Item>
                <Item
                  value="Postmortem template"
                  onSelect={go(paths.postmortemTemplate(workspace))}
                >
                  Postmortem template
                </Item>
                <Item value="Alerts" onSelect={go(paths.alerts(workspace))}>
                  Alerts
                </Item>
                <Item value="Settings members" onSelect={go(paths.members(workspace))}>
                  Settings: members
                </Item>
                <Item
                  value="Settings destinations Slack PagerDuty webhooks"
                  onSelect={go(paths.destinations(workspace))}
                >
                  Settings: destinations
                </Item>
                <Item
                  value="Settings delivery log messages"
                  onSelect={go(paths.deliveries(workspace))}
                >
                  Settings: delivery log
                </Item>
                <Item value="Settings teams owners" onSelect={go(paths.teams(workspace))}>
                  Settings: teams
                </Item>
                <Item value="Settings schedules on call" onSelect={go(paths.schedules(workspace))}>
                  Settings: schedules
                </Item>
                <Item
                  value="Settings escalation policies"
                  onSelect={go(paths.escalation(workspace))}
                >
                  Settings: escalation
                </Item>
                <Item
                  value="Settings silences mute maintenance"
                  onSelect={go(paths.silences(workspace))}
                >
                  Settings: silences
                </Item>
                <Item
                  value="Settings actions retrain roll back runs"
                  onSelect={go(paths.actions(workspace))}
                >
                  Settings: actions
                </Item>
                <Item value="Settings reactions triggers" onSelect={go(paths.reactions(workspace))}>
                  Settings: reactions
                </Item>
                <Item value="Settings workspace" onSelect={go(paths.workspace(workspace))}>
                  Settings: workspace
                </Item>
              </Command.Group>
              {(incidents.data?.incidents.length ?? 0) > 0 && (
                <Command.Group heading="Open incidents" className={groupClass}>
                  {incidents.data?.incidents.map(({ id, number, title }) => (
                    <Item
                      key={id}
                      value={`incident ${number} ${title}`}
                      onSelect={go(paths.incident(workspace, number))}
                    >
                      <span className="tabular text-ink-3">#{number}</span> {title}
                    </Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading="Models" className={groupClass}>
                {models.data?.models.map(({ id, name }) => (
                  <Item
                    key={id}
                    value={`model ${name}`}
                    onSelect={go(paths.model(workspace, name))}
                  >
                    <span className="font-mono">{name}</span>
                  </Item>
                ))}
              </Command.Group>
              {(session.data?.workspaces.length ?? 0) > 1 && (
                <Command.Group heading="Workspaces" className={groupClass}>
                  {session.data?.workspaces.map(({ id, slug, name }) => (
                    <Item
                      key={id}
                      value={`workspace ${name} ${slug}`}
                      onSelect={go(paths.fleet(slug))}
                    >
                      {name}
                    </Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading="Actions" className={groupClass}>
                <Item value="theme light" onSelect={act(() => setTheme("light"))}>
                  Light theme
                </Item>
                <Item value="theme dark" onSelect={act(() => setTheme("dark"))}>
                  Dark theme
                </Item>
                <Item value="theme system" onSelect={act(() => setTheme("system"))}>
                  Theme as the system
                </Item>
                <Item value="sign out" onSelect={act(() => void signOutOfHere())}>
                  Sign out
                </Item>
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Item({
  value,
  keys,
  onSelect,
  children,
}: {
  value: string;
  keys?: readonly string[];
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-2 rounded-md px-2 text-sm aria-selected:bg-selected"
    >
      <span className="min-w-0 truncate">{children}</span>
      {keys !== undefined && (
        <span className="ml-auto flex gap-1 max-sm:hidden">
          {keys.map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      )}
    </Command.Item>
  );
}
