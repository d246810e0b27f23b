-- What is remembered of every series of a monitor: the newest windows and whether it fires. alert_id is the alert that it holds.
CREATE TABLE IF NOT EXISTS alert_series (
  workspace_id uuid NOT NULL,
  monitor_id uuid NOT NULL,
  series_key text NOT NULL,
  monitor_revision integer NOT NULL,
  memory jsonb NOT NULL,
  alert_id uuid,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (monitor_id, series_key)
);

-- A monitor's finding that holds until it clears. What it says of monitor, model and series is as it was: no foreign keys, since
-- history outlives its subject.
CREATE TABLE IF NOT EXISTS alerts (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  monitor_id uuid NOT NULL,
  monitor_name text NOT NULL,
  monitor_kind text NOT NULL,
  cause_class text NOT NULL,
  model_id uuid NOT NULL,
  environment text NOT NULL,
  version text NOT NULL,
  subject text NOT NULL,
  column_name text NOT NULL,
  segment_key text NOT NULL,
  segment_value text NOT NULL,
  series_key text NOT NULL,
  severity text NOT NULL,
  state text NOT NULL CHECK (state IN ('firing', 'resolved')),
  end_reason text,
  is_flapping boolean NOT NULL DEFAULT false,
  -- Of the newest window with a value.
  sentence text NOT NULL,
  value double precision NOT NULL,
  window_from timestamptz NOT NULL,
  window_until timestamptz NOT NULL,
  -- Since when its windows could not be judged, and why; it neither fires anew nor clears meanwhile.
  unknown_since timestamptz,
  unknown_reason text,
  began_at timestamptz NOT NULL,
  fired_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- Who is to hear of it, as its monitor said when it fired: an edit does not break a running page.
  destination_ids uuid[] NOT NULL,
  evidence_hash text,
  explained_by uuid,
  -- When it counts on its own if it still fires; null while its cause does.
  explained_until timestamptz,
  CHECK ((state = 'firing') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX IF NOT EXISTS alerts_firing ON alerts (monitor_id, series_key) WHERE state = 'firing';
CREATE INDEX IF NOT EXISTS alerts_workspace ON alerts (workspace_id, fired_at DESC, id);
CREATE INDEX IF NOT EXISTS alerts_model ON alerts (workspace_id, model_id, environment, fired_at DESC);
CREATE INDEX IF NOT EXISTS alerts_outlive ON alerts (explained_until) WHERE state = 'firing' AND explained_until IS NOT NULL;
CREATE INDEX IF NOT EXISTS alerts_explained ON alerts (explained_by) WHERE explained_by IS NOT NULL;

CREATE TABLE IF NOT EXISTS incident_counters (
  workspace_id uuid PRIMARY KEY,
  last_number integer NOT NULL
);

CREATE TABLE IF NOT EXISTS incidents (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  number integer NOT NULL,
  group_key text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('real', 'test')),
  ends_by_hand boolean NOT NULL,
  title text NOT NULL,
  state text NOT NULL CHECK (state IN ('triggered', 'acknowledged', 'mitigated', 'resolved', 'closed', 'merged')),
  severity text NOT NULL CHECK (severity IN ('sev1', 'sev2', 'sev3', 'sev4', 'sev5')),
  severity_reason text,
  cause_class text NOT NULL,
  model_id uuid,
  model_name text,
  environment text NOT NULL,
  segment_key text NOT NULL,
  segment_value text NOT NULL,
  owner_user_id uuid,
  owner_team_id uuid,
  -- Who is to hear of it beside those of its alerts.
  destination_ids uuid[] NOT NULL,
  runbook_url text,
  impact_started_at timestamptz,
  -- Between these it lies with 95 % where it was found in the values; a person who corrects it takes them away.
  impact_earliest timestamptz,
  impact_latest timestamptz,
  detected_at timestamptz NOT NULL,
  acknowledged_at timestamptz,
  mitigated_at timestamptz,
  resolved_at timestamptz,
  closed_at timestamptz,
  acknowledged_by text,
  ack_until timestamptz,
  notify_from timestamptz NOT NULL,
  reopen_until timestamptz,
  merged_into uuid,
  -- The one of the same key before it.
  follows uuid,
  verdict text CHECK (verdict IN ('real_degradation', 'data_bug', 'benign_shift', 'seasonality', 'monitor_bug')),
  -- Of its messages; grows with each.
  sequence integer NOT NULL DEFAULT 0,
  -- A silence keeps back what would be told.
  is_held boolean NOT NULL DEFAULT false,
  -- When time alone may change something; null when only an event can.
  tick_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (workspace_id, number)
);
-- Exactly one open incident per key, whoever writes.
CREATE UNIQUE INDEX IF NOT EXISTS incidents_open ON incidents (workspace_id, group_key)
  WHERE state IN ('triggered', 'acknowledged', 'mitigated');
CREATE INDEX IF NOT EXISTS incidents_key ON incidents (workspace_id, group_key, number DESC);
CREATE INDEX IF NOT EXISTS incidents_tick ON incidents (tick_at) WHERE tick_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS incidents_model ON incidents (workspace_id, model_id, number DESC);

-- Which alerts an incident has: its own, and those that its cause explains. An alert that went elsewhere has left.
CREATE TABLE IF NOT EXISTS incident_alerts (
  workspace_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  alert_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('own', 'explained')),
  attached_at timestamptz NOT NULL,
  left_at timestamptz,
  PRIMARY KEY (incident_id, alert_id)
);
CREATE INDEX IF NOT EXISTS incident_alerts_alert ON incident_alerts (alert_id);

CREATE TABLE IF NOT EXISTS incident_timeline (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  -- Entries of one moment keep their order.
  position bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL,
  text text NOT NULL,
  actor jsonb NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS incident_timeline_incident ON incident_timeline (incident_id, occurred_at, position);

-- Evidence by the hash of what it says, kept for ever.
CREATE TABLE IF NOT EXISTS incident_evidence (
  workspace_id uuid NOT NULL,
  hash text NOT NULL,
  evidence jsonb NOT NULL,
  frozen_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, hash)
);

-- What each destination was told last of an incident: it is open there while it was told of something as firing.
CREATE TABLE IF NOT EXISTS incident_notifications (
  workspace_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  destination_id uuid NOT NULL,
  firing uuid[] NOT NULL,
  resolved uuid[] NOT NULL,
  told_at timestamptz NOT NULL,
  PRIMARY KEY (incident_id, destination_id)
);

-- Nobody rewrites what happened.
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;
CREATE OR REPLACE TRIGGER incident_timeline_append_only BEFORE UPDATE ON incident_timeline
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE OR REPLACE TRIGGER incident_evidence_append_only BEFORE UPDATE ON incident_evidence
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
