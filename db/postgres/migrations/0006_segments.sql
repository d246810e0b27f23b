-- Which segment keys a baseline has profiles by; a declared key that is not among them is still to be profiled. An error is what
-- stopped the last attempt: it is tried again when the declared keys change.
ALTER TABLE baselines ADD COLUMN IF NOT EXISTS profiled_segment_keys text[] NOT NULL DEFAULT '{}';
ALTER TABLE baselines ADD COLUMN IF NOT EXISTS segment_error text;
