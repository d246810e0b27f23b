import { paths } from "../shell/paths.ts";
import { TabLinks } from "../shell/tab-links.tsx";

/** What was learned, and what follows from it. */
export function PostmortemTabs({ workspace }: { workspace: string }) {
  return (
    <TabLinks
      label="Postmortems"
      links={[
        { label: "Postmortems", href: paths.postmortems(workspace) },
        { label: "Action items", href: paths.actionItems(workspace) },
      ]}
    />
  );
}
