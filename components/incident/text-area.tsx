import { clsx } from "clsx";
import type { ComponentProps } from "react";
import { inputClass } from "../ui/field.tsx";

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea rows={3} className={clsx(inputClass, "h-auto py-1.5", className)} {...rest} />;
}
