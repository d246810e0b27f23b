-- Where messages go. What lets in whoever knows it is sealed (AES-256-GCM); `settings` is the rest, and `address` says in words where it
-- goes. Deleted ones stay, so that what they were told can still be taken back.
CREATE TABLE IF NOT EXISTS destinations (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('slack_webhook', 'slack_bot', 'pagerduty', 'alertmanager', 'email', 'webhook')),
  address text NOT NULL,
  settings jsonb NOT NULL,
  sealed text NOT NULL,
  is_enabled boolean NOT NULL DEFAULT true,
  -- Hears of every incident for which nobody named a destination.
  is_default boolean NOT NULL DEFAULT false,
  -- Why it is off: '' when a person did it, else what the receiver said.
  disabled_reason text NOT NULL DEFAULT '',
  revision bigint NOT NULL DEFAULT 1,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  -- One message at a time: until then somebody sends here.
  leased_until timestamptz,
  -- The receiver asked for rest, or its rate says so.
  paused_until timestamptz,
  last_sent_at timestamptz,
  last_failed_at timestamptz,
  last_failure text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX IF NOT EXISTS destinations_name ON destinations (workspace_id, lower(name)) WHERE deleted_at IS NULL;

-- The outbox and, once it is sent, the delivery log: written in the transaction of the change that it tells of. The id is the
-- webhook-id. Open rows are queued, failed (tried, waits) or sending; next_at of the last is the end of its lease.
CREATE TABLE IF NOT EXISTS notifications (
  id uuid PRIMARY KEY,
  position bigint GENERATED ALWAYS AS IDENTITY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  incident_id uuid NOT NULL,
  incident_number integer NOT NULL,
  sequence bigint NOT NULL,
  destination_id uuid NOT NULL,
  kind text NOT NULL,
  dedup_key text NOT NULL,
  message jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'sending', 'failed', 'sent', 'dead', 'cancelled')),
  attempt integer NOT NULL DEFAULT 0,
  -- Attempts count from here after a replay.
  attempt_base integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  lifetime_from timestamptz NOT NULL,
  possible_duplicate boolean NOT NULL DEFAULT false,
  -- The destination that could not be told: this one is told in its stead, and of everything after.
  fallback_for uuid,
  failure text,
  remedy text,
  status integer,
  answer text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
-- The same change is told once to each.
CREATE UNIQUE INDEX IF NOT EXISTS notifications_once ON notifications (destination_id, incident_id, sequence, kind);
CREATE INDEX IF NOT EXISTS notifications_due ON notifications (destination_id, next_at) WHERE state IN ('queued', 'failed', 'sending');
CREATE INDEX IF NOT EXISTS notifications_order ON notifications (destination_id, incident_id, sequence, position)
  WHERE state IN ('queued', 'failed', 'sending');
CREATE INDEX IF NOT EXISTS notifications_log ON notifications (workspace_id, position DESC);
CREATE INDEX IF NOT EXISTS notifications_incident ON notifications (incident_id, position);
CREATE INDEX IF NOT EXISTS notifications_fallback ON notifications (incident_id) WHERE fallback_for IS NOT NULL;
CREATE INDEX IF NOT EXISTS notifications_dedup_key ON notifications (destination_id, dedup_key, position DESC);
CREATE INDEX IF NOT EXISTS notifications_finished ON notifications (finished_at) WHERE finished_at IS NOT NULL;

-- Every attempt, written before it is made: one without an end is one of which nobody knows whether it arrived.
CREATE TABLE IF NOT EXISTS notification_attempts (
  notification_id uuid NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
  attempt integer NOT NULL,
  workspace_id uuid NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  outcome text NOT NULL DEFAULT 'unknown' CHECK (outcome IN ('unknown', 'sent', 'retry', 'permanent', 'not_told')),
  failure text,
  status integer,
  answer text NOT NULL DEFAULT '',
  PRIMARY KEY (notification_id, attempt)
);

-- By what an incident is known at a destination: PagerDuty's key with the routing key of its trigger, Slack's channel and message.
CREATE TABLE IF NOT EXISTS notification_threads (
  incident_id uuid NOT NULL,
  destination_id uuid NOT NULL,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  sealed text NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (incident_id, destination_id)
);

-- What came in from outside, so that nothing is done twice.
CREATE TABLE IF NOT EXISTS inbound_events (
  destination_id uuid NOT NULL,
  event_id text NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (destination_id, event_id)
);
CREATE INDEX IF NOT EXISTS inbound_events_seen ON inbound_events (seen_at);

-- Which person of ours somebody in Slack is.
CREATE TABLE IF NOT EXISTS slack_accounts (
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  slack_team_id text NOT NULL,
  slack_user_id text NOT NULL,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  linked_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, slack_team_id, slack_user_id)
);
