-- What the labelled rows of a baseline teach about estimates without labels, learned once by the worker. A null reference says that
-- nothing could be learned; model is what only the worker needs. A row of an older method is learned again.
CREATE TABLE IF NOT EXISTS estimate_references (
  baseline_id uuid NOT NULL REFERENCES baselines (id) ON DELETE CASCADE,
  task text NOT NULL,
  workspace_id uuid NOT NULL,
  model_id uuid NOT NULL,
  method integer NOT NULL,
  labelled_count bigint NOT NULL,
  reference jsonb,
  model jsonb,
  learned_at timestamptz NOT NULL,
  PRIMARY KEY (baseline_id, task)
);
CREATE INDEX IF NOT EXISTS estimate_references_workspace ON estimate_references (workspace_id, model_id);

-- What each outcome of a binary model is worth, per prediction, as a person declared it.
CREATE TABLE IF NOT EXISTS business_values (
  model_id uuid PRIMARY KEY REFERENCES models (id) ON DELETE CASCADE,
  workspace_id uuid NOT NULL,
  true_positive double precision NOT NULL,
  false_positive double precision NOT NULL,
  false_negative double precision NOT NULL,
  true_negative double precision NOT NULL,
  unit text NOT NULL,
  updated_at timestamptz NOT NULL
);
