import { ClickHouseFault } from "./clickhouse-fault.ts";

/** What the HTTP side needs to know about a statement before the engine sees it. */
export type Statement =
  | { kind: "select"; sql: string; format: string | undefined; formatAt: number }
  | { kind: "insert"; head: string; format: string; tail: string; inlineData: string }
  | { kind: "insert_input"; before: string; structure: string; after: string; format: string }
  | { kind: "kill"; queryId: string }
  | { kind: "other"; sql: string; format: string | undefined };

interface Token {
  kind: "word" | "string" | "mark";
  text: string;
  start: number;
  end: number;
  depth: number;
}

/** Reads of files, of the network and of other servers: the engine itself would let any SQL reach this machine's files. */
const refusedFunctions = new Set(
  (
    "file filecluster url urlcluster s3 s3cluster gcs gcscluster hdfs hdfscluster remote remotesecure mysql postgresql " +
    "mongodb redis sqlite jdbc odbc executable azureblobstorage azureblobstoragecluster deltalake deltalakecluster iceberg " +
    "icebergs3 icebergazure iceberglocal hudi paimon http clickhouse catboostevaluate ytsaurus python arrowstream arrowflight input fuzzjson loop"
  ).split(" "),
);
const refusedEngines = new Set(
  (
    "file url s3 s3queue hdfs mysql postgresql mongodb redis sqlite jdbc odbc executable executablepool azureblobstorage " +
    "azurequeue kafka rabbitmq nats filelog materializedpostgresql deltalake iceberg hudi python"
  ).split(" "),
);
const refusedFirstWords = new Set(
  "SET USE BEGIN COMMIT ROLLBACK BACKUP RESTORE GRANT REVOKE ATTACH UNDROP COPY".split(" "),
);
const refusedSystemWords = new Set(["SHUTDOWN", "KILL", "SUSPEND"]);

const supportedText =
  "Supported: SELECT, WITH, SHOW, DESCRIBE, EXPLAIN, EXISTS, CHECK, INSERT (FORMAT, VALUES, SELECT, SELECT FROM input()), CREATE, ALTER, " +
  "DROP, TRUNCATE, RENAME, EXCHANGE, OPTIMIZE, DELETE, UPDATE, DETACH, SYSTEM, and KILL QUERY WHERE query_id = '...'";

export function parseStatement(sql: string): Statement {
  const tokens = tokenize(sql);
  const first = tokens[0];
  if (first === undefined) throw new ClickHouseFault(62, "SYNTAX_ERROR", "Empty query");
  const verb = first.kind === "word" ? first.text.toUpperCase() : first.text;
  refuseWhatIsNotServed(verb, tokens);
  if (verb === "INSERT") return parseInsert(sql, tokens);
  const end = endOfSingleStatement(sql, tokens);
  const text = sql.slice(0, end);
  const body = tokens.filter((token) => token.start < end);
  if (verb === "KILL") return parseKill(body);
  const { format, at: formatAt } = findOutputFormat(body) ?? { format: undefined, at: text.length };
  const isSelect = verb === "SELECT" || verb === "WITH" || verb === "FROM" || verb === "(";
  return isSelect
    ? { kind: "select", sql: text, format, formatAt }
    : { kind: "other", sql: text, format };
}

function refuseWhatIsNotServed(verb: string, tokens: Token[]): void {
  if (refusedFirstWords.has(verb)) throw notServed(`${verb} statements`);
  const second = tokens[1]?.text.toUpperCase();
  if (verb === "SYSTEM" && second !== undefined && refusedSystemWords.has(second)) {
    throw notServed(`SYSTEM ${second}`);
  }
  if (
    verb === "CREATE" &&
    tokens.slice(1, 4).some((token) => token.text.toUpperCase() === "TEMPORARY")
  ) {
    throw notServed("temporary tables, which need an HTTP session,");
  }
  const isInsert = verb === "INSERT";
  tokens.forEach((token, index) => {
    if (token.text === "$") throw notServed("heredoc strings ($$)");
    const next = tokens[index + 1];
    const word = nameOf(token, next);
    if (word === undefined) return;
    if (next?.text === "(" && refusedFunctions.has(word) && !(isInsert && word === "input")) {
      throw notServed(`the function ${word}()`);
    }
    if ((word === "outfile" || word === "infile") && next?.kind === "string") {
      throw notServed(`INTO OUTFILE and FROM INFILE`);
    }
    const engine = next?.text === "=" ? tokens[index + 2] : next;
    if (
      word === "engine" &&
      engine?.kind === "word" &&
      refusedEngines.has(engine.text.toLowerCase())
    ) {
      throw notServed(`the table engine ${engine.text}`);
    }
  });
}

/** The name that a word or a quoted name stands for, in lower case. */
function nameOf(token: Token, next: Token | undefined): string | undefined {
  if (token.kind === "word") return token.text.toLowerCase();
  if (token.kind !== "string" || token.text.startsWith("'")) return undefined;
  if (next?.text === "(" && token.text.includes("\\"))
    throw notServed("escapes in a function's name");
  return token.text.slice(1, -1).toLowerCase();
}

export function notServed(what: string): ClickHouseFault {
  return new ClickHouseFault(
    48,
    "NOT_IMPLEMENTED",
    `The embedded engine does not serve ${what}. ${supportedText}`,
  );
}

function parseInsert(sql: string, tokens: Token[]): Statement {
  const top = tokens.filter((token) => token.kind === "word" && token.depth === 0);
  const verb = top.find(
    (token) => /^(SELECT|WITH|VALUES|FORMAT)$/i.test(token.text) && !isTableName(tokens, token),
  );
  if (verb === undefined) {
    if (top.length < 2) throw new ClickHouseFault(62, "SYNTAX_ERROR", "INSERT names no table");
    throw new ClickHouseFault(62, "SYNTAX_ERROR", "INSERT needs FORMAT, VALUES or SELECT");
  }
  const word = verb.text.toUpperCase();
  if (word === "VALUES") {
    const settings = top.find(
      (token) => token.start < verb.start && token.text.toUpperCase() === "SETTINGS",
    );
    const cut = settings?.start ?? verb.start;
    return {
      kind: "insert",
      head: sql.slice(0, cut),
      tail: sql.slice(cut, verb.start),
      format: "Values",
      inlineData: sql.slice(verb.end).replace(/;\s*$/, ""),
    };
  }
  if (word === "FORMAT") {
    const name = tokens[tokens.indexOf(verb) + 1];
    if (name?.kind !== "word")
      throw new ClickHouseFault(62, "SYNTAX_ERROR", "FORMAT names no format");
    const settings = top.find(
      (token) => token.start < verb.start && token.text.toUpperCase() === "SETTINGS",
    );
    const cut = settings?.start ?? verb.start;
    return {
      kind: "insert",
      head: sql.slice(0, cut),
      tail: sql.slice(cut, verb.start),
      format: name.text,
      inlineData: sql
        .slice(name.end)
        .replace(/^[ \t]*;?[ \t]*\r?\n?/, "")
        .replace(/^\s*;?\s*$/, ""),
    };
  }
  const end = endOfSingleStatement(sql, tokens);
  const body = tokens.filter((token) => token.start < end);
  const inputAt = body.findIndex(
    (token, i) => token.text.toLowerCase() === "input" && body[i + 1]?.text === "(",
  );
  if (inputAt < 0) return { kind: "other", sql: sql.slice(0, end), format: undefined };
  return parseInsertFromInput(sql.slice(0, end), body, inputAt);
}

function parseInsertFromInput(sql: string, tokens: Token[], inputAt: number): Statement {
  const name = tokens[inputAt];
  const structure = tokens[inputAt + 2];
  const close = tokens[inputAt + 3];
  const formatAt = tokens.findLastIndex(
    (token) => token.depth === 0 && token.text.toUpperCase() === "FORMAT",
  );
  const format = tokens[formatAt + 1];
  if (
    structure?.kind !== "string" ||
    close?.text !== ")" ||
    formatAt < inputAt ||
    format === undefined ||
    name === undefined
  ) {
    throw new ClickHouseFault(
      62,
      "SYNTAX_ERROR",
      "Expected INSERT INTO ... SELECT ... FROM input('column Type, ...') ... FORMAT name",
    );
  }
  const keyword = tokens[formatAt];
  return {
    kind: "insert_input",
    before: sql.slice(0, name.start),
    structure: structure.text,
    after: `${sql.slice(close.end, keyword?.start)} ${sql.slice(format.end)}`,
    format: format.text,
  };
}

/** `INSERT INTO format (a)` and the like: the word after INTO or TABLE, or beside a dot, is a name. */
function isTableName(tokens: Token[], token: Token): boolean {
  const at = tokens.indexOf(token);
  const before = tokens[at - 1]?.text.toUpperCase();
  return before === "INTO" || before === "TABLE" || before === "." || tokens[at + 1]?.text === ".";
}

function parseKill(tokens: Token[]): Statement {
  const [, query, where, column, equals, id] = tokens.map((token) => token.text);
  const isKnown =
    query?.toUpperCase() === "QUERY" &&
    where?.toUpperCase() === "WHERE" &&
    column?.toLowerCase() === "query_id" &&
    equals === "=";
  if (!isKnown || id === undefined || !/^'[^'\\]*'$/.test(id)) throw notServed("this KILL");
  return { kind: "kill", queryId: id.slice(1, -1) };
}

/** And where its clause begins. */
function findOutputFormat(tokens: Token[]): { format: string; at: number } | undefined {
  for (let at = tokens.length - 2; at > 0; at--) {
    const token = tokens[at];
    const name = tokens[at + 1];
    const after = tokens[at + 2];
    if (token?.kind !== "word" || token.depth !== 0 || token.text.toUpperCase() !== "FORMAT")
      continue;
    if (name?.kind === "word" && (after === undefined || after.text.toUpperCase() === "SETTINGS"))
      return { format: name.text, at: token.start };
  }
  return undefined;
}

function endOfSingleStatement(sql: string, tokens: Token[]): number {
  const at = tokens.findIndex((token) => token.kind === "mark" && token.text === ";");
  if (at < 0) return sql.length;
  if (tokens.slice(at).some((token) => token.text !== ";")) {
    throw new ClickHouseFault(
      62,
      "SYNTAX_ERROR",
      "Syntax error (Multi-statements are not allowed)",
    );
  }
  return tokens[at]?.start ?? sql.length;
}

/** Words, quoted things and marks with their depth in brackets. An INSERT is read only as far as its data. */
function tokenize(sql: string): Token[] {
  const pattern =
    /\s+|--[^\n]*|#!?[ !][^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`\\]|\\[\s\S]|``)*`|[\p{L}_][\p{L}\p{N}_]*|[\p{N}.]+|[\s\S]/uy;
  const tokens: Token[] = [];
  let depth = 0;
  while (pattern.lastIndex < sql.length) {
    const start = pattern.lastIndex;
    const text = pattern.exec(sql)?.[0];
    if (text === undefined) break;
    if (/^(\s|--|#!? |#!|\/\*)/.test(text)) continue;
    if (text === ")" || text === "]" || text === "}") depth--;
    tokens.push({ kind: kindOf(text), text, start, end: start + text.length, depth });
    if (text === "(" || text === "[" || text === "{") depth++;
    if (startsInsertData(tokens, depth)) break;
  }
  return tokens;
}

function kindOf(text: string): Token["kind"] {
  if (/^[\p{L}_]/u.test(text)) return "word";
  return text.length > 1 && /^['"`]/.test(text) ? "string" : "mark";
}

function startsInsertData(tokens: Token[], depth: number): boolean {
  if (depth !== 0 || tokens[0]?.text.toUpperCase() !== "INSERT" || tokens.length < 4) return false;
  const last = tokens.at(-1);
  const previous = tokens.at(-2);
  if (
    last === undefined ||
    previous === undefined ||
    tokens.some((token) => /^(SELECT|WITH)$/i.test(token.text) && token.depth === 0)
  )
    return false;
  if (last.text.toUpperCase() === "VALUES" && !isTableName(tokens, last)) return true;
  return (
    previous.text.toUpperCase() === "FORMAT" &&
    last.kind === "word" &&
    !isTableName(tokens, previous)
  );
}
