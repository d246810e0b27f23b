-- Skew by the values of declared tags too; both '' for everything. What is kept already is everything.
ALTER TABLE skew_profiles
  ADD COLUMN IF NOT EXISTS segment_key LowCardinality(String) AFTER version,
  ADD COLUMN IF NOT EXISTS segment_value LowCardinality(String) AFTER segment_key,
  MODIFY ORDER BY (workspace_id, model_id, grain, environment, version, feature, bucket, segment_key, segment_value);
