-- What a person expects of a feature. A part that `declared` does not name is learned from the baseline.
CREATE TABLE IF NOT EXISTS feature_expectations (
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  feature text NOT NULL,
  declared jsonb NOT NULL,
  provenance text NOT NULL CHECK (provenance IN ('declared', 'confirmed')),
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (model_id, feature)
);

CREATE TABLE IF NOT EXISTS freshness_objectives (
  model_id uuid PRIMARY KEY REFERENCES models (id) ON DELETE CASCADE,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  age_ms bigint NOT NULL CHECK (age_ms > 0),
  share double precision NOT NULL CHECK (share > 0 AND share < 1),
  updated_at timestamptz NOT NULL
);

-- One row per evaluated window and feature (or, for freshness and volume, per version and model), with all its figures.
CREATE TABLE IF NOT EXISTS quality_results (
  workspace_id uuid NOT NULL,
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  environment text NOT NULL,
  version text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('quality', 'freshness', 'volume')),
  subject text NOT NULL,
  feature text NOT NULL,
  window_from timestamptz NOT NULL,
  window_until timestamptz NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('problem', 'failed', 'cannot_say', 'ok')),
  reason text NOT NULL DEFAULT '',
  figures jsonb NOT NULL,
  window_rows bigint NOT NULL,
  computed_at timestamptz NOT NULL,
  PRIMARY KEY (model_id, environment, version, kind, window_from, window_until, subject, feature)
);
CREATE INDEX IF NOT EXISTS quality_results_workspace ON quality_results (workspace_id, window_until DESC);
CREATE INDEX IF NOT EXISTS audit_log_target ON audit_log (workspace_id, target_kind, target_id, at DESC);
