-- Copied to bucket_profiles. A worker of before that still runs fails at its next write, and what it had claimed is done by one of now; the view
-- goes last, so that nothing is written past it.
DROP TABLE IF EXISTS profiles;
DROP TABLE IF EXISTS profiles_written_meanwhile;
