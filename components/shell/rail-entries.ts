import {
  Activity,
  BookOpenCheck,
  Gauge,
  Layers,
  NotebookPen,
  Radar,
  Rocket,
  Settings,
  ShieldAlert,
  Siren,
} from "lucide-react";
import { paths } from "./paths.ts";

export const railEntries = (workspace: string) =>
  [
    {
      label: "Fleet",
      href: paths.fleet(workspace),
      under: `${paths.fleet(workspace)}/models`,
      icon: Layers,
      key: "f",
      inBar: true,
    },
    {
      label: "Incidents",
      href: paths.incidents(workspace),
      under: paths.incidents(workspace),
      icon: Siren,
      key: "i",
      inBar: true,
    },
    {
      label: "Monitors",
      href: paths.monitors(workspace),
      under: paths.monitors(workspace),
      icon: Radar,
      key: "m",
      inBar: true,
    },
    {
      label: "SLOs",
      href: paths.slos(workspace),
      under: paths.slos(workspace),
      icon: Gauge,
      key: "l",
      inBar: true,
    },
    {
      label: "Runbooks",
      href: paths.runbooks(workspace),
      under: paths.runbooks(workspace),
      icon: BookOpenCheck,
      key: "h",
      inBar: true,
    },
    {
      label: "Postmortems",
      href: paths.postmortems(workspace),
      under: paths.postmortems(workspace),
      also: paths.actionItems(workspace),
      icon: NotebookPen,
      key: "t",
      inBar: true,
    },
    {
      label: "Get started",
      href: paths.getStarted(workspace),
      under: null,
      icon: Rocket,
      key: "n",
      inBar: true,
    },
    {
      label: "Refused rows",
      href: paths.rejections(workspace),
      under: null,
      icon: ShieldAlert,
      key: "x",
      inBar: true,
    },
    {
      label: "System",
      href: paths.system(workspace),
      under: null,
      icon: Activity,
      key: "y",
      inBar: true,
    },
    {
      label: "Settings",
      href: paths.keys(workspace),
      under: `${paths.fleet(workspace)}/settings`,
      icon: Settings,
      key: "s",
      inBar: true,
    },
  ] as const;

export function isEntryActive(
  entry: { href: string; under: string | null; also?: string },
  path: string,
): boolean {
  // A second page of the same entry, which has an address of its own.
  if (entry.also !== undefined && `${path}/`.startsWith(`${entry.also}/`)) return true;
  return path === entry.href || (entry.under !== null && path.startsWith(`${entry.under}/`));
}
