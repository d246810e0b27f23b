-- A silence holds pages back; the alerts it hides are recorded as ever. What has ended stays, with what it hid.
CREATE TABLE IF NOT EXISTS silences (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  matchers jsonb NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  expired_at timestamptz,
  expired_by text,
  quiet_minutes integer,
  last_hid_at timestamptz,
  recurrence jsonb,
  reason text NOT NULL,
  ticket text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  CHECK (ends_at > starts_at)
);
CREATE INDEX IF NOT EXISTS silences_workspace ON silences (workspace_id, ends_at DESC);

-- What a silence hid, once per alert; no foreign keys, since history outlives its subject.
CREATE TABLE IF NOT EXISTS silenced_alerts (
  workspace_id uuid NOT NULL,
  silence_id uuid NOT NULL,
  alert_id uuid NOT NULL,
  labels jsonb NOT NULL,
  first_hidden_at timestamptz NOT NULL,
  last_hidden_at timestamptz NOT NULL,
  PRIMARY KEY (silence_id, alert_id)
);
CREATE INDEX IF NOT EXISTS silenced_alerts_workspace ON silenced_alerts (workspace_id, alert_id);

CREATE TABLE IF NOT EXISTS schedules (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text NOT NULL,
  definition jsonb NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS schedules_name ON schedules (workspace_id, lower(name));

-- Of those that overlap, the one that was made last holds.
CREATE TABLE IF NOT EXISTS schedule_overrides (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  schedule_id uuid NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
  user_id uuid NOT NULL,
  from_time timestamptz NOT NULL,
  until_time timestamptz NOT NULL,
  reason text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  CHECK (until_time > from_time)
);
CREATE INDEX IF NOT EXISTS schedule_overrides_schedule ON schedule_overrides (schedule_id, until_time);

CREATE TABLE IF NOT EXISTS escalation_policies (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text NOT NULL,
  rules jsonb NOT NULL,
  -- Takes what belongs to no team, or to one without a policy.
  is_default boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS escalation_policies_name ON escalation_policies (workspace_id, lower(name));
CREATE UNIQUE INDEX IF NOT EXISTS escalation_policies_default ON escalation_policies (workspace_id) WHERE is_default;

ALTER TABLE teams ADD COLUMN IF NOT EXISTS escalation_policy_id uuid;
ALTER TABLE teams ADD COLUMN IF NOT EXISTS destination_ids uuid[] NOT NULL DEFAULT '{}';

-- How far the pages of an incident have come, by the policy as it was when they began; null: there was none. `running` while it is
-- triggered, `paused` while it is acknowledged. due_at is when something is to be done next; null when nothing is.
CREATE TABLE IF NOT EXISTS incident_escalations (
  workspace_id uuid NOT NULL,
  incident_id uuid PRIMARY KEY,
  snapshot jsonb,
  status text NOT NULL CHECK (status IN ('running', 'paused', 'over')),
  started_at timestamptz NOT NULL,
  step_count integer NOT NULL,
  last_step_at timestamptz,
  due_at timestamptz,
  updated_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS incident_escalations_open ON incident_escalations (incident_id) WHERE status <> 'over';
