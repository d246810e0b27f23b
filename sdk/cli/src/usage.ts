export const usage = `plumbline: baselines, batches and acceptance tests, from the command line

  plumbline baseline upload FILE --model NAME [--version V] [--name training]
      A Parquet, CSV or NDJSON file as the baseline of a model's version. All columns are features, but for those named:
        --prediction COL  --score COL  --label COL  --timestamp COL  --id COL
        --tags A,B         columns that are tags, by which segments are compared
        --ignore A,B       columns to leave out
        --features A,B     these columns alone are features
        --type COL=TYPE    numeric, categorical, boolean or text; may be repeated
        --format F         parquet, csv or ndjson, where the file's name does not say
        --detach           return once the file is stored, without waiting for its profile

  plumbline log FILE
      Predictions, one JSON object a line, as POST /v1/predictions takes them; "-" reads standard input.
        --labels           the lines are labels
        --features         the lines are offline features: what the training side says that was served
        --model, --version, --environment     for lines that name none
        --from-line N      begin there, to go on after an interruption

  plumbline change KIND TITLE
      Tells that something was changed, so that it stands beside what broke afterwards. KIND is deployment, promotion, rollback, retrain,
      feature_pipeline, config, schema or other.
        --id ID            the same counts once: give the commit where the script may run twice
        --model, --version, --environment     those that it is about; all of them where they are not given
        --source NAME      which system tells it
        --link URL         where more is said
        --at TIME          when it happened, in ISO 8601; now where it is not given
        --detail NAME=TEXT may be repeated

  plumbline acceptance-tests [--workspace W]
      The acceptance tests of action items: past incidents as a regression suite of the monitors. 1 when one fails.
        --incident N, --model NAME     only those of an incident or a model
        --done             only those of items that are done: what was lost, and not what is still to come
        --strict           what cannot be said any more fails, too

  plumbline whoami
      The workspace and the scopes of the key.

Everywhere:
  --url URL    or PLUMBLINE_URL, or http://localhost:3000
  --key KEY    or PLUMBLINE_API_KEY, which keeps it out of the list of processes

Exit codes: 0 done; 1 refused, wholly or in part; 2 the command is wrong; 3 the server can't be reached.
`;
