CREATE TABLE IF NOT EXISTS workspaces (
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  name text NOT NULL,
  time_zone text NOT NULL DEFAULT 'UTC',
  is_demo boolean NOT NULL DEFAULT false,
  raw_retention_days integer,
  created_at timestamptz NOT NULL
);

CREATE TABLE IF NOT EXISTS users (
  id uuid PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text,
  oidc_subject text UNIQUE,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS users_email_key ON users (lower(email));

CREATE TABLE IF NOT EXISTS memberships (
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX IF NOT EXISTS memberships_user_id ON memberships (user_id);

CREATE TABLE IF NOT EXISTS invitations (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
  token_hash text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz
);

CREATE TABLE IF NOT EXISTS teams (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (workspace_id, name)
);

CREATE TABLE IF NOT EXISTS team_members (
  team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (team_id, user_id)
);

CREATE TABLE IF NOT EXISTS api_keys (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text NOT NULL,
  prefix text NOT NULL,
  secret_hash text NOT NULL UNIQUE,
  scopes text[] NOT NULL,
  created_by uuid REFERENCES users (id) ON DELETE SET NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX IF NOT EXISTS api_keys_workspace_id ON api_keys (workspace_id);

CREATE TABLE IF NOT EXISTS models (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  task text CHECK (task IN ('regression', 'binary', 'multiclass', 'ranking')),
  task_provenance text NOT NULL DEFAULT 'inferred' CHECK (task_provenance IN ('inferred', 'declared', 'confirmed')),
  tier integer NOT NULL DEFAULT 3,
  team_id uuid REFERENCES teams (id) ON DELETE SET NULL,
  first_seen_at timestamptz NOT NULL,
  raw_retention_days integer,
  UNIQUE (workspace_id, name)
);

CREATE TABLE IF NOT EXISTS model_versions (
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  environment text NOT NULL,
  version text NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  PRIMARY KEY (model_id, environment, version)
);

CREATE TABLE IF NOT EXISTS features (
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  name text NOT NULL,
  type text NOT NULL CHECK (type IN ('numeric', 'categorical', 'boolean', 'text')),
  provenance text NOT NULL DEFAULT 'inferred' CHECK (provenance IN ('inferred', 'declared', 'confirmed')),
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  PRIMARY KEY (model_id, name)
);

CREATE TABLE IF NOT EXISTS segment_keys (
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  key text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (model_id, key)
);

CREATE TABLE IF NOT EXISTS baselines (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  version text NOT NULL,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('uploading', 'profiling', 'ready', 'failed')),
  source_format text NOT NULL,
  source_bytes bigint NOT NULL DEFAULT 0,
  row_count bigint NOT NULL DEFAULT 0,
  mapping jsonb NOT NULL,
  error text,
  is_active boolean NOT NULL DEFAULT false,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ready_at timestamptz
);
CREATE INDEX IF NOT EXISTS baselines_model ON baselines (model_id, version);
CREATE UNIQUE INDEX IF NOT EXISTS baselines_active ON baselines (model_id, version) WHERE is_active;

-- Which buckets must be recomputed from the raw rows. generation moves with every mark: a recompute that started
-- before a later mark does not clear it.
CREATE SEQUENCE IF NOT EXISTS profile_revision;
CREATE TABLE IF NOT EXISTS dirty_buckets (
  workspace_id uuid NOT NULL,
  model_id uuid NOT NULL,
  grain text NOT NULL CHECK (grain IN ('5m', '1h', '1d')),
  bucket timestamptz NOT NULL,
  generation bigint NOT NULL DEFAULT 1,
  first_marked_at timestamptz NOT NULL,
  last_marked_at timestamptz NOT NULL,
  claimed_until timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  PRIMARY KEY (grain, model_id, bucket)
);
CREATE INDEX IF NOT EXISTS dirty_buckets_due ON dirty_buckets (grain, last_marked_at);

CREATE TABLE IF NOT EXISTS job_runs (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  workspace_id uuid,
  state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'skipped')),
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  done_count bigint NOT NULL DEFAULT 0,
  total_count bigint,
  rows_read bigint NOT NULL DEFAULT 0,
  detail text NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS job_runs_recent ON job_runs (name, started_at DESC);

-- One row per statistic of one feature for one evaluated window; the console and later monitors read the newest.
CREATE TABLE IF NOT EXISTS drift_results (
  workspace_id uuid NOT NULL,
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  environment text NOT NULL,
  version text NOT NULL,
  reference text NOT NULL CHECK (reference IN ('baseline', 'trailing')),
  subject text NOT NULL,
  feature text NOT NULL,
  window_from timestamptz NOT NULL,
  window_until timestamptz NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('drift', 'no_drift', 'cannot_say')),
  reason text NOT NULL DEFAULT '',
  statistics jsonb NOT NULL,
  baseline_rows bigint NOT NULL,
  window_rows bigint NOT NULL,
  computed_at timestamptz NOT NULL,
  PRIMARY KEY (model_id, environment, version, reference, window_from, window_until, subject, feature)
);
CREATE INDEX IF NOT EXISTS drift_results_workspace ON drift_results (workspace_id, computed_at DESC);

CREATE TABLE IF NOT EXISTS audit_log (
  id uuid PRIMARY KEY,
  workspace_id uuid,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  action text NOT NULL,
  target_kind text NOT NULL,
  target_id text NOT NULL,
  before jsonb,
  after jsonb,
  at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS audit_log_workspace ON audit_log (workspace_id, at DESC);

CREATE TABLE IF NOT EXISTS sign_in_attempts (
  key text PRIMARY KEY,
  failures integer NOT NULL,
  window_started_at timestamptz NOT NULL
);
