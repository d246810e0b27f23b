-- What was learned of a model's version to explain its changes by: trees that imitate its predictions, its decisions, or how right
-- they are. One row per version and target; learned anew when the baseline or the task is another.
CREATE TABLE IF NOT EXISTS surrogates (
  workspace_id uuid NOT NULL,
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  environment text NOT NULL,
  version text NOT NULL,
  target text NOT NULL,
  baseline_id uuid,
  learned_from text NOT NULL,
  task text NOT NULL,
  measure text NOT NULL,
  class_name text NOT NULL,
  reason text NOT NULL,
  surrogate jsonb,
  computed_at timestamptz NOT NULL,
  PRIMARY KEY (model_id, environment, version, target)
);
