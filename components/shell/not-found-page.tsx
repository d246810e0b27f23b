import Link from "next/link";
import { buttonClass } from "../ui/button.tsx";
import { DoorFrame } from "./door-frame.tsx";
import { paths } from "./paths.ts";

export function NotFoundPage() {
  return (
    <DoorFrame title="There is no such page">
      <p className="mb-5 text-ink-2 text-sm">
        The address may be mistyped, or what stood here was deleted.
      </p>
      <Link href={paths.home} className={`${buttonClass({ kind: "primary" })} self-start`}>
        To the fleet
      </Link>
    </DoorFrame>
  );
}
