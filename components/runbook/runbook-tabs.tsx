import { paths } from "../shell/paths.ts";
import { TabLinks } from "../shell/tab-links.tsx";

export function RunbookTabs({ workspace, runbookId }: { workspace: string; runbookId: string }) {
  return (
    <TabLinks
      label="Runbook"
      links={[
        { label: "Steps", href: paths.runbook(workspace, runbookId) },
        { label: "History", href: paths.runbookHistory(workspace, runbookId) },
      ]}
    />
  );
}
