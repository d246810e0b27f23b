-- What was changed around models, as senders tell it: deployments, promotions, retrains, releases of pipelines. Append-only; the id is
-- the sender's, so that what is sent again counts once. An empty model, environment or version is all of them.
CREATE TABLE IF NOT EXISTS change_events (
  workspace_id uuid NOT NULL,
  id text NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL,
  title text NOT NULL,
  model_name text NOT NULL DEFAULT '',
  environment text NOT NULL DEFAULT '',
  version text NOT NULL DEFAULT '',
  source text NOT NULL DEFAULT '',
  url text,
  details jsonb NOT NULL DEFAULT '{}',
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX IF NOT EXISTS change_events_time ON change_events (workspace_id, occurred_at DESC, position DESC);

-- What can be done about an incident by a signed call. Where it goes and what signs it are sealed. Deleted ones stay for their runs.
CREATE TABLE IF NOT EXISTS actions (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  slug text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  address text NOT NULL,
  definition jsonb NOT NULL,
  sealed text NOT NULL,
  is_enabled boolean NOT NULL DEFAULT true,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE UNIQUE INDEX IF NOT EXISTS actions_slug ON actions (workspace_id, slug) WHERE deleted_at IS NULL;

-- One call of an action, from the request to what the monitor said afterwards. Its id is the key by which the endpoint knows a repeat.
-- What decides is frozen with it (`definition`); due_at is when the worker has something to do with it, claim_until ends the worker's
-- claim, and sent_at is written before the first byte leaves: a claim that ran out without it is one of which nothing was sent.
CREATE TABLE IF NOT EXISTS action_runs (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  position bigint GENERATED ALWAYS AS IDENTITY,
  action_id uuid NOT NULL,
  action_slug text NOT NULL,
  action_name text NOT NULL,
  definition jsonb NOT NULL,
  incident_id uuid,
  incident_number integer,
  step_id text,
  reaction_id uuid,
  mode text NOT NULL CHECK (mode IN ('real', 'test', 'dry_run')),
  state text NOT NULL,
  reason text NOT NULL DEFAULT '',
  requested_by jsonb NOT NULL,
  requested_at timestamptz NOT NULL,
  decided_by jsonb,
  decided_at timestamptz,
  checks jsonb NOT NULL DEFAULT '[]',
  body text NOT NULL DEFAULT '',
  attempt integer NOT NULL DEFAULT 0,
  claim_until timestamptz,
  sent_at timestamptz,
  -- An earlier attempt left, and nobody knows whether it was done.
  is_maybe_done boolean NOT NULL DEFAULT false,
  answered_at timestamptz,
  status integer,
  answer text NOT NULL DEFAULT '',
  sentence text NOT NULL DEFAULT '',
  succeeded_at timestamptz,
  verification jsonb,
  due_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS action_runs_log ON action_runs (workspace_id, position DESC);
CREATE INDEX IF NOT EXISTS action_runs_incident ON action_runs (incident_id, position) WHERE incident_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS action_runs_action ON action_runs (action_id, requested_at DESC);
CREATE INDEX IF NOT EXISTS action_runs_due ON action_runs (due_at) WHERE due_at IS NOT NULL;

-- Every step of a run, and whose it was. Append-only.
CREATE TABLE IF NOT EXISTS action_run_events (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  run_id uuid NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  state text NOT NULL,
  sentence text NOT NULL,
  actor jsonb NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS action_run_events_run ON action_run_events (run_id, position);

-- Calls an action by itself when an incident comes to a state.
CREATE TABLE IF NOT EXISTS reactions (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text NOT NULL,
  action_id uuid NOT NULL,
  definition jsonb NOT NULL,
  is_enabled boolean NOT NULL DEFAULT true,
  -- What happened before is not reacted to.
  active_from timestamptz NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS reactions_name ON reactions (workspace_id, lower(name));

-- How each reaction came out for each incident and state, once, with its reason. Append-only.
CREATE TABLE IF NOT EXISTS reaction_evaluations (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  reaction_id uuid NOT NULL,
  reaction_name text NOT NULL,
  action_name text NOT NULL,
  incident_id uuid NOT NULL,
  incident_number integer NOT NULL,
  event text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('run', 'dry_run', 'held_back', 'not_meant')),
  reason text NOT NULL,
  run_id uuid,
  at timestamptz NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS reaction_evaluations_once ON reaction_evaluations (reaction_id, incident_id, event);
CREATE INDEX IF NOT EXISTS reaction_evaluations_log ON reaction_evaluations (workspace_id, position DESC);
