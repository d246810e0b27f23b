-- Open incidents that the auditor found without anybody who would do something about them: what they lacked, and when that was told to
-- those that hear of everything. Outlives the incident, as history does.
CREATE TABLE IF NOT EXISTS incident_audits (
  incident_id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  findings text[] NOT NULL,
  found_at timestamptz NOT NULL,
  told_at timestamptz NOT NULL,
  told_count integer NOT NULL
);
CREATE INDEX IF NOT EXISTS notifications_heard ON notifications (incident_id) WHERE state IN ('sent', 'queued', 'failed', 'sending');
