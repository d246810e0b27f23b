-- When labels last changed what an evaluated window holds, until it is evaluated again: labels come in a stream, and are waited for.
ALTER TABLE evaluated_windows ADD COLUMN IF NOT EXISTS labels_at timestamptz;
CREATE INDEX IF NOT EXISTS evaluated_windows_labels ON evaluated_windows (kind, model_id, window_until) WHERE labels_at IS NOT NULL;
