"use client";

import { useState } from "react";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { Input } from "../ui/field.tsx";
import { Segmented } from "../ui/segmented.tsx";

export interface RowSearchProps {
  predictionId: string | undefined;
  entityId: string | undefined;
}

/** Exact, because an index answers exact ids at any size. */
export function RowSearch({ predictionId, entityId }: RowSearchProps) {
  const { set } = useUrlState();
  const [by, setBy] = useState<"id" | "entity">(entityId === undefined ? "id" : "entity");
  const [text, setText] = useState(predictionId ?? entityId ?? "");
  const apply = (value: string) =>
    set({
      predictionId: by === "id" ? value.trim() : null,
      entityId: by === "entity" ? value.trim() : null,
      row: null,
    });
  return (
    <search>
      <form
        className="flex flex-wrap items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          apply(text);
        }}
      >
        <Segmented
          label="Search by"
          value={by}
          onChange={setBy}
          options={[
            { value: "id", label: "Prediction id" },
            { value: "entity", label: "Entity" },
          ]}
        />
        <Input
          type="search"
          aria-label={by === "id" ? "Prediction id" : "Entity id"}
          placeholder={by === "id" ? "The whole prediction id" : "The whole entity id"}
          value={text}
          maxLength={128}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
          className="max-w-sm font-mono"
        />
        <Button type="submit">Find</Button>
        {(predictionId !== undefined || entityId !== undefined) && (
          <Button
            kind="quiet"
            onClick={() => {
              setText("");
              apply("");
            }}
          >
            Show the newest
          </Button>
        )}
      </form>
    </search>
  );
}
