-- A runbook is one row; what it says is kept whole in every version, and no version is ever changed.
CREATE TABLE IF NOT EXISTS runbooks (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  title text NOT NULL,
  -- The newest version.
  version integer NOT NULL DEFAULT 1,
  revision integer NOT NULL DEFAULT 1,
  owner_user_id uuid,
  owner_team_id uuid,
  review_by date,
  attach_rule jsonb NOT NULL,
  is_enabled boolean NOT NULL DEFAULT true,
  archived_at timestamptz,
  -- Of the ready ones: which it was made from.
  library_key text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS runbooks_workspace ON runbooks (workspace_id, archived_at);
-- Adding the ready ones twice, or by two people at once, adds each once.
CREATE UNIQUE INDEX IF NOT EXISTS runbooks_library ON runbooks (workspace_id, library_key);

-- No foreign keys from here on: history outlives its subject.
CREATE TABLE IF NOT EXISTS runbook_versions (
  workspace_id uuid NOT NULL,
  runbook_id uuid NOT NULL,
  version integer NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  note text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (runbook_id, version)
);
CREATE INDEX IF NOT EXISTS runbook_versions_workspace ON runbook_versions (workspace_id);

-- Which version an incident is worked on by: that of the moment when it was attached.
CREATE TABLE IF NOT EXISTS incident_runbooks (
  workspace_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  runbook_id uuid NOT NULL,
  version integer NOT NULL,
  -- The most fitting first.
  place integer NOT NULL,
  reason text NOT NULL,
  attached_by jsonb NOT NULL,
  attached_at timestamptz NOT NULL,
  PRIMARY KEY (incident_id, runbook_id)
);
CREATE INDEX IF NOT EXISTS incident_runbooks_workspace ON incident_runbooks (workspace_id, runbook_id, attached_at DESC);

-- What was said of a step, one row each time; nothing is changed or taken out.
CREATE TABLE IF NOT EXISTS runbook_records (
  id uuid PRIMARY KEY,
  position bigint GENERATED ALWAYS AS IDENTITY,
  workspace_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  runbook_id uuid NOT NULL,
  step_id text NOT NULL,
  outcome text NOT NULL,
  note text NOT NULL DEFAULT '',
  result jsonb,
  actor jsonb NOT NULL,
  recorded_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS runbook_records_incident ON runbook_records (incident_id, position);
