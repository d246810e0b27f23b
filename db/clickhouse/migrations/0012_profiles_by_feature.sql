-- Copied to bucket_profiles. A worker of before that still runs fails at its next write, and what it had claimed is done by one of now; the view
-- goes last, so that nothing is written past it. A store may refuse to drop what is large, unless it is told.
DROP TABLE IF EXISTS profiles SETTINGS max_table_size_to_drop = 0;
DROP TABLE IF EXISTS profiles_written_meanwhile;
