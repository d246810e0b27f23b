"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { tabClass } from "../ui/tab-class.ts";

export interface TabLink {
  label: string;
  href: string;
}

/** Tabs that are pages: each has an address. */
export function TabLinks({ label, links }: { label: string; links: readonly TabLink[] }) {
  const path = usePathname();
  return (
    <nav aria-label={label} className="scrollbar-none flex gap-5 overflow-x-auto px-6 max-sm:px-4">
      {links.map((link) => {
        const isActive = link.href.split("?")[0] === path;
        return (
          <Link
            key={link.label}
            href={link.href}
            prefetch={false}
            aria-current={isActive ? "page" : undefined}
            className={`focus-inset ${tabClass(isActive)}`}
          >
            {link.label}
          </Link>
        );
      })}
    </nav>
  );
}
