import { Badge } from "../ui/badge.tsx";

/** A name, and whether anybody would be reached by it. */
export function PersonName({ person }: { person: { name: string; isMember: boolean } }) {
  return (
    <span className="inline-flex items-center gap-2">
      {person.name}
      {!person.isMember && <Badge>has left</Badge>}
    </span>
  );
}
