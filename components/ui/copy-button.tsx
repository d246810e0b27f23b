"use client";

import { Check, Copy } from "lucide-react";
import { Button } from "./button.tsx";
import { useCopy } from "./use-copy.ts";

export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const { isCopied, copy } = useCopy();
  return (
    <Button size="sm" onClick={() => void copy(text)} aria-label={isCopied ? "Copied" : label}>
      {isCopied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      <span aria-hidden>{isCopied ? "Copied" : label}</span>
    </Button>
  );
}
