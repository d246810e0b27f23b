-- Which windows of a model have been evaluated, by kind. A window is due while its rows have changed since: `generation` grows with
-- every change, and `evaluated_generation` is the one that its stored values have seen.
CREATE TABLE IF NOT EXISTS evaluated_windows (
  kind text NOT NULL CHECK (kind IN ('drift', 'quality', 'performance')),
  workspace_id uuid NOT NULL,
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  window_from timestamptz NOT NULL,
  window_until timestamptz NOT NULL,
  generation bigint NOT NULL DEFAULT 1,
  evaluated_generation bigint NOT NULL DEFAULT 0,
  evaluated_at timestamptz,
  PRIMARY KEY (kind, model_id, window_until, window_from)
);
CREATE INDEX IF NOT EXISTS evaluated_windows_due ON evaluated_windows (kind, model_id, window_until)
  WHERE generation > evaluated_generation;

-- One row per metric of one version in one evaluated window. A metric without a value says why in undefined_reason. The revision
-- grows when the row changes, and only then.
CREATE TABLE IF NOT EXISTS performance_results (
  workspace_id uuid NOT NULL,
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  environment text NOT NULL,
  version text NOT NULL,
  metric text NOT NULL,
  window_from timestamptz NOT NULL,
  window_until timestamptz NOT NULL,
  value double precision,
  undefined_reason text,
  lower double precision,
  upper double precision,
  sample_count bigint NOT NULL,
  row_count bigint NOT NULL,
  labelled_count bigint NOT NULL,
  revision bigint NOT NULL DEFAULT 1,
  computed_at timestamptz NOT NULL,
  PRIMARY KEY (model_id, environment, version, window_until, window_from, metric),
  CHECK ((value IS NULL) <> (undefined_reason IS NULL))
);
CREATE INDEX IF NOT EXISTS performance_results_workspace ON performance_results (workspace_id, window_until DESC);

-- Every run of a job, with what it did and why not.
ALTER TABLE job_runs ADD COLUMN IF NOT EXISTS model_id uuid REFERENCES models (id) ON DELETE CASCADE;
-- What a job may run for but once at a time, such as a model; empty where that is not watched.
ALTER TABLE job_runs ADD COLUMN IF NOT EXISTS subject text NOT NULL DEFAULT '';
ALTER TABLE job_runs ADD COLUMN IF NOT EXISTS trigger text NOT NULL DEFAULT 'schedule' CHECK (trigger IN ('schedule', 'request'));
ALTER TABLE job_runs ADD COLUMN IF NOT EXISTS attempt integer NOT NULL DEFAULT 1;
ALTER TABLE job_runs ADD COLUMN IF NOT EXISTS alive_at timestamptz;
ALTER TABLE job_runs ADD COLUMN IF NOT EXISTS window_count integer NOT NULL DEFAULT 0;
ALTER TABLE job_runs ADD COLUMN IF NOT EXISTS window_from timestamptz;
ALTER TABLE job_runs ADD COLUMN IF NOT EXISTS window_until timestamptz;
ALTER TABLE job_runs ADD COLUMN IF NOT EXISTS error text;
ALTER TABLE job_runs DROP CONSTRAINT IF EXISTS job_runs_state_check;
ALTER TABLE job_runs ADD CONSTRAINT job_runs_state_check CHECK (state IN ('queued', 'running', 'done', 'failed', 'skipped'));
-- What is asked for twice runs once.
CREATE UNIQUE INDEX IF NOT EXISTS job_runs_open ON job_runs (name, subject)
  WHERE subject <> '' AND state IN ('queued', 'running');
CREATE INDEX IF NOT EXISTS job_runs_workspace ON job_runs (workspace_id, started_at DESC, id);
CREATE INDEX IF NOT EXISTS job_runs_workspace_open ON job_runs (workspace_id) WHERE state IN ('queued', 'running');
CREATE INDEX IF NOT EXISTS job_runs_workspace_failed ON job_runs (workspace_id, started_at DESC, id) WHERE state = 'failed';
CREATE INDEX IF NOT EXISTS job_runs_model ON job_runs (model_id, started_at DESC, id);

-- Whether anybody ever sent offline features for a model: without them there is no skew to recompute. Of models that were there
-- before this column nobody knows, so that they are looked at.
ALTER TABLE models ADD COLUMN IF NOT EXISTS has_offline_features boolean NOT NULL DEFAULT true;
ALTER TABLE models ALTER COLUMN has_offline_features SET DEFAULT false;
