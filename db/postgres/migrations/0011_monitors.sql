-- Questions that are asked on a schedule. `due_at` is when the next window is asked, its settling time included.
CREATE TABLE IF NOT EXISTS monitors (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  name text NOT NULL,
  kind text NOT NULL,
  cause_class text NOT NULL,
  environment text NOT NULL,
  -- Null: each version that is seen.
  version text,
  definition jsonb NOT NULL,
  fire_count integer NOT NULL,
  window_count integer NOT NULL,
  clear_count integer NOT NULL,
  severity_override text,
  owner_team_id uuid,
  owner_user_id uuid,
  runbook_url text,
  destination_ids uuid[] NOT NULL DEFAULT '{}',
  is_enabled boolean NOT NULL DEFAULT true,
  revision integer NOT NULL DEFAULT 1,
  next_window_until timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  evaluated_at timestamptz,
  -- Windows that a stop left out and that were too many to make up for, and when that was last so.
  skipped_count bigint NOT NULL DEFAULT 0,
  skipped_until timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS monitors_due ON monitors (due_at) WHERE is_enabled;
CREATE INDEX IF NOT EXISTS monitors_workspace ON monitors (workspace_id, model_id);
CREATE INDEX IF NOT EXISTS monitors_model ON monitors (model_id);

-- The windows of each monitor. What it read may have changed since: then generation is ahead of evaluated_generation.
CREATE TABLE IF NOT EXISTS monitor_windows (
  workspace_id uuid NOT NULL,
  monitor_id uuid NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
  model_id uuid NOT NULL,
  window_from timestamptz NOT NULL,
  window_until timestamptz NOT NULL,
  generation bigint NOT NULL DEFAULT 1,
  evaluated_generation bigint NOT NULL DEFAULT 0,
  evaluated_at timestamptz,
  due_at timestamptz NOT NULL,
  claimed_until timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  -- What came of it, for the small chart: the value of its worst series, null where none has one, and how many were beyond.
  worst_value double precision,
  firing_count integer NOT NULL DEFAULT 0,
  PRIMARY KEY (monitor_id, window_until)
);
CREATE INDEX IF NOT EXISTS monitor_windows_open ON monitor_windows (monitor_id, window_until, due_at) WHERE generation > evaluated_generation;
CREATE INDEX IF NOT EXISTS monitor_windows_model ON monitor_windows (model_id, window_until);

-- How the newest window of each series came out.
CREATE TABLE IF NOT EXISTS monitor_series (
  workspace_id uuid NOT NULL,
  monitor_id uuid NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
  series_key text NOT NULL,
  series jsonb NOT NULL,
  window_from timestamptz NOT NULL,
  window_until timestamptz NOT NULL,
  result jsonb NOT NULL,
  evaluated_at timestamptz NOT NULL,
  PRIMARY KEY (monitor_id, series_key)
);
CREATE INDEX IF NOT EXISTS monitor_series_workspace ON monitor_series (workspace_id);
