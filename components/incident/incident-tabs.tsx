import { paths } from "../shell/paths.ts";
import { TabLinks } from "../shell/tab-links.tsx";

/** Incidents, and the alerts that they are made of. */
export function IncidentTabs({ workspace }: { workspace: string }) {
  return (
    <TabLinks
      label="Incidents"
      links={[
        { label: "Incidents", href: paths.incidents(workspace) },
        { label: "Alerts", href: paths.alerts(workspace) },
        { label: "Insights", href: paths.insights(workspace) },
      ]}
    />
  );
}
