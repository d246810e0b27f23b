import { clsx } from "clsx";
import type { ComponentProps } from "react";

const kinds = {
  primary: "bg-accent-fill text-on-accent hover:bg-accent-fill-hover border-transparent",
  plain: "bg-raised text-ink border-line-strong/50 hover:bg-hover hover:border-line-strong",
  quiet: "bg-transparent text-ink-2 border-transparent hover:bg-hover hover:text-ink",
  danger: "bg-raised text-breach border-breach/50 hover:bg-breach-soft hover:border-breach",
} as const;

const sizes = {
  md: "h-8 px-3 text-sm",
  sm: "h-7 px-2 text-sm",
  icon: "size-8 justify-center",
  iconSm: "size-7 justify-center",
} as const;

export interface ButtonStyle {
  kind?: keyof typeof kinds;
  size?: keyof typeof sizes;
}

export const buttonClass = ({ kind = "plain", size = "md" }: ButtonStyle = {}) =>
  clsx(
    "inline-flex shrink-0 select-none items-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors duration-100",
    "disabled:pointer-events-none disabled:opacity-50",
    kinds[kind],
    sizes[size],
  );

export function Button({
  kind,
  size,
  className,
  type = "button",
  ...rest
}: ComponentProps<"button"> & ButtonStyle) {
  return (
    <button
      type={type}
      className={clsx(buttonClass({ ...(kind && { kind }), ...(size && { size }) }), className)}
      {...rest}
    />
  );
}
