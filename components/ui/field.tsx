import { clsx } from "clsx";
import type { ComponentProps, ReactNode } from "react";
import { useId } from "react";

export const inputClass =
  "h-8 w-full min-w-0 rounded-md border border-line-strong/60 bg-page px-2.5 text-base text-ink placeholder:text-ink-3 hover:border-line-strong disabled:opacity-60 aria-invalid:border-breach";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={clsx(inputClass, className)} {...rest} />;
}

export interface FieldProps {
  label: string;
  /** One line under the control. */
  help?: ReactNode;
  error?: string | null;
  className?: string;
  children: (control: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean | undefined;
  }) => ReactNode;
}

/** A label, a control, and the line under it that helps or says what is wrong. */
export function Field({ label, help, error, className, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const hasError = error !== undefined && error !== null;
  const hasNote = hasError || help !== undefined;
  return (
    <div className={clsx("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="font-medium text-ink text-sm">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": hasNote ? noteId : undefined,
        "aria-invalid": hasError ? true : undefined,
      })}
      {hasNote && (
        <p id={noteId} className={clsx("text-xs", hasError ? "text-breach" : "text-ink-3")}>
          {hasError ? error : help}
        </p>
      )}
    </div>
  );
}
