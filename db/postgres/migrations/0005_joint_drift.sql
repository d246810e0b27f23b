-- The drift of all features of one version together, one row per evaluated window; the newest is shown.
CREATE TABLE IF NOT EXISTS joint_drift_results (
  workspace_id uuid NOT NULL,
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  environment text NOT NULL,
  version text NOT NULL,
  window_from timestamptz NOT NULL,
  window_until timestamptz NOT NULL,
  baseline_id uuid NOT NULL,
  result jsonb NOT NULL,
  computed_at timestamptz NOT NULL,
  PRIMARY KEY (model_id, environment, version, window_until)
);
CREATE INDEX IF NOT EXISTS joint_drift_results_workspace ON joint_drift_results (workspace_id, computed_at DESC);
