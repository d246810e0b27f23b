"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { incidentListQuery } from "#lib/api/incident.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import type { DialogParts } from "./reason-dialog.tsx";

export interface MergeDialogProps extends DialogParts {
  workspace: string;
  number: number;
  onDone: (into: number) => void;
}

/** One trouble, one incident: the alerts of this one go on in the other. */
export function MergeDialog(props: MergeDialogProps) {
  const { workspace, number, isBusy, failure, onClose, onDone } = props;
  const query = useQuery(incidentListQuery(workspace, { state: "open", limit: 100 }));
  const [into, setInto] = useState("");
  const others = (query.data?.incidents ?? []).filter((each) => each.number !== number);
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Merge #${number} into another`}
      description="Its alerts go on firing there, and whoever was told of this one hears that it is over."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (into !== "") onDone(Number(into));
        }}
      >
        <Field
          label="Incident"
          help={query.isSuccess && others.length === 0 ? "No other incident is open." : undefined}
          error={failure}
        >
          {({ id }) => (
            <Select
              id={id}
              label="Incident"
              value={into}
              placeholder="Choose one that is open"
              options={others.map((each) => ({
                value: String(each.number),
                label: `#${each.number} ${each.title}`,
              }))}
              onChange={setInto}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" kind="primary" disabled={into === "" || isBusy}>
            Merge
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
